-- Clocks that follow the time a line is needed by: waiting ends then, and no lease is longer.
-- A clock that stands still has the less pause left, so that running on does not make it early.
UPDATE deadlines AS deadline
   SET due_at = CASE WHEN allocation.state = 'waitlisted' THEN $2 ELSE least(deadline.due_at, $2) END,
       pause_granted = CASE WHEN deadline.paused_since IS NOT NULL
                            THEN greatest(interval '0', deadline.pause_granted
                                          - greatest(interval '0', deadline.due_at - $2)) END
  FROM allocations AS allocation
 WHERE allocation.need_line_id = $1
   AND allocation.state IN ('waitlisted', 'held')
   AND deadline.deadline_id = allocation.deadline_id
   AND deadline.state = 'pending'
