-- Held rows of a crisis about which nobody is asked, nor was since it was stood down; a task is due after it was opened.
SELECT row.allocation_id, row.need_line_id
  FROM allocations AS row
  JOIN crises AS crisis ON crisis.crisis_id = row.crisis_id AND crisis.is_drill = row.is_drill
 WHERE row.crisis_id = $1 AND row.state = 'held'
   AND NOT EXISTS (SELECT 1 FROM tasks AS task
                    WHERE task.subject_type = 'allocation' AND task.subject_id = row.allocation_id
                      AND task.kind = 'decide_hold'
                      AND (task.state <> 'done' OR task.due_at > crisis.stood_down_at))
 ORDER BY row.allocation_id
 LIMIT $2
