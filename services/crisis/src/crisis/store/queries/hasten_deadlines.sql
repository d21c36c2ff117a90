-- Bring forward clocks of a crisis that come due later: of kind $2 to $3, of kind $4 to $5.
-- A clock that stands still has the less pause left, so that running on does not make it early.
-- Rows whose clock moved are shown as changed; each is locked before its clock, as by whoever stops one.
WITH waiting AS (
  SELECT allocation_id, is_drill, deadline_id
    FROM allocations
   WHERE crisis_id = $1
     AND state IN ('proposed', 'countered', 'waitlisted')
     FOR UPDATE
), moved AS (
  UPDATE deadlines AS deadline
     SET due_at = CASE deadline.kind WHEN $2 THEN $3 ELSE $5 END,
         pause_granted = CASE WHEN deadline.paused_since IS NOT NULL
                              THEN greatest(interval '0', deadline.pause_granted
                                            - (deadline.due_at - CASE deadline.kind WHEN $2 THEN $3 ELSE $5 END)) END
    FROM waiting
   WHERE deadline.deadline_id = waiting.deadline_id
     AND deadline.state = 'pending'
     AND (deadline.kind = $2 AND deadline.due_at > $3 OR deadline.kind = $4 AND deadline.due_at > $5)
  RETURNING waiting.allocation_id, waiting.is_drill
)
UPDATE allocations AS allocation
   SET changed_at = now()
  FROM moved
 WHERE allocation.allocation_id = moved.allocation_id
   AND allocation.is_drill = moved.is_drill
