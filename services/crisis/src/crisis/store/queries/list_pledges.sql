-- Ids of allocations of a crisis, newest first, before a position.
SELECT allocation_id
  FROM allocations
 WHERE crisis_id = $1
   AND allocation_id < $2
   -- and what is asked for
 ORDER BY allocation_id DESC
 LIMIT $3
