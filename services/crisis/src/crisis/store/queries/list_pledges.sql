-- Ids of allocations of a crisis, newest first, after a position; of one pledger, state or need line if given.
SELECT allocation_id
  FROM allocations
 WHERE crisis_id = $1
   AND ($2::uuid IS NULL OR pledger_org_id = $2)
   AND ($3::text IS NULL OR state = $3)
   AND ($4::uuid IS NULL OR need_line_id = $4)
   AND ($5::uuid IS NULL OR allocation_id < $5)
 ORDER BY allocation_id DESC
 LIMIT $6
