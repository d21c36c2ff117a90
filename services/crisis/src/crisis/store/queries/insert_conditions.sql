-- Write new conditions.
INSERT INTO conditions (condition_id, root_id, allocation_id, is_drill, type, min_qty, due_at, state, stated_by,
                        deadline_id)
SELECT condition_id, root_id, allocation_id, is_drill, type, min_qty, due_at, state, stated_by, deadline_id
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::boolean[], $5::text[], $6::numeric[], $7::timestamptz[],
              $8::text[], $9::text[], $10::uuid[])
    AS new (condition_id, root_id, allocation_id, is_drill, type, min_qty, due_at, state, stated_by, deadline_id)
