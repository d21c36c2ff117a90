-- Ids of allocations of a crisis and when each last changed, chosen by the filters of the request.
SELECT allocation_id, changed_at
  FROM allocations
 WHERE {where}
 ORDER BY {order}
 LIMIT {limit}
