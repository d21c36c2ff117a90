-- Clocks of kind $2 in a crisis run until their line is needed again.
-- Rows whose clock moved are shown as changed; each is locked before its clock, as by whoever stops one.
WITH waiting AS (
  SELECT allocation.allocation_id, allocation.is_drill, allocation.deadline_id, line.needed_by
    FROM allocations AS allocation
    JOIN need_lines AS line
      ON line.need_line_id = allocation.need_line_id
     AND line.is_drill = allocation.is_drill
   WHERE allocation.crisis_id = $1
     AND allocation.state = 'waitlisted'
     FOR UPDATE OF allocation
), moved AS (
  UPDATE deadlines AS deadline
     SET due_at = waiting.needed_by
    FROM waiting
   WHERE deadline.deadline_id = waiting.deadline_id
     AND deadline.state = 'pending'
     AND deadline.kind = $2
     AND deadline.due_at < waiting.needed_by
  RETURNING waiting.allocation_id, waiting.is_drill
)
UPDATE allocations AS allocation
   SET changed_at = now()
  FROM moved
 WHERE allocation.allocation_id = moved.allocation_id
   AND allocation.is_drill = moved.is_drill
