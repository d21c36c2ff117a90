-- Conditions.
SELECT condition_id, root_id, allocation_id, is_drill, type, min_qty, due_at, state, waiver_reason, stated_by,
       deadline_id
  FROM conditions
