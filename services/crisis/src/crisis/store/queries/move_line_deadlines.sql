-- Clocks that follow the time a line is needed by: waiting ends then, and no lease is longer.
-- A clock that stands still has the less pause left, so that running on does not make it early.
-- Rows whose clock moved are shown as changed; each is locked before its clock, as by whoever stops one.
WITH followed AS (
  SELECT allocation_id, is_drill, state, deadline_id
    FROM allocations
   WHERE need_line_id = $1
     AND state IN ('waitlisted', 'held')
     FOR UPDATE
), moved AS (
  UPDATE deadlines AS deadline
     SET due_at = $2,
         pause_granted = CASE WHEN deadline.paused_since IS NOT NULL
                              THEN greatest(interval '0', deadline.pause_granted
                                            - greatest(interval '0', deadline.due_at - $2)) END
    FROM followed
   WHERE deadline.deadline_id = followed.deadline_id
     AND deadline.state = 'pending'
     AND (deadline.due_at > $2 OR followed.state = 'waitlisted' AND deadline.due_at < $2)
  RETURNING followed.allocation_id, followed.is_drill
)
UPDATE allocations AS allocation
   SET changed_at = now()
  FROM moved
 WHERE allocation.allocation_id = moved.allocation_id
   AND allocation.is_drill = moved.is_drill
