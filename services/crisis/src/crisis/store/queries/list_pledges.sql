-- Ids of allocations of a crisis and when each last changed, chosen by what an index leads to.
SELECT allocation.allocation_id, allocation.changed_at
  FROM allocations AS allocation
 WHERE {where}
 ORDER BY {order}
 LIMIT {limit}
