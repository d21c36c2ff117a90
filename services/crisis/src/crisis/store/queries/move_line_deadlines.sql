-- Clocks that follow the time a line is needed by: waiting ends then, and no lease is longer.
UPDATE deadlines AS deadline
   SET due_at = CASE WHEN allocation.state = 'waitlisted' THEN $2 ELSE least(deadline.due_at, $2) END
  FROM allocations AS allocation
 WHERE allocation.need_line_id = $1
   AND allocation.state IN ('waitlisted', 'held')
   AND deadline.deadline_id = allocation.deadline_id
   AND deadline.state = 'pending'
