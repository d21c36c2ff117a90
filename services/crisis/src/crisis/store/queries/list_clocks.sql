-- Clocks that run, the earliest end first, after a position.
SELECT clock.due_at, clock.subject_id
  FROM deadlines AS clock
 WHERE clock.state = 'pending'
   AND {where}
 ORDER BY {order}
 LIMIT {limit}
