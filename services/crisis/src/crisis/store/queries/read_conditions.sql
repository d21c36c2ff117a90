-- Conditions under a root, or one by id.
SELECT condition_id, root_id, allocation_id, is_drill, type, min_qty, due_at, state, waiver_reason, stated_by,
       deadline_id
  FROM conditions
 WHERE ($1::uuid IS NULL OR root_id = $1)
   AND ($2::uuid IS NULL OR condition_id = $2)
   AND ($1::uuid IS NOT NULL OR $2::uuid IS NOT NULL)
 ORDER BY condition_id
