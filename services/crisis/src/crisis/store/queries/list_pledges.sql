-- Ids of allocations of a crisis, newest first, before a position.
SELECT allocation_id
  FROM allocations
 WHERE {where}
 ORDER BY allocation_id DESC
 LIMIT {limit}
