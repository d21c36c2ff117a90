-- Tasks that wait for a decision on goods an organisation ($1) promised.
SELECT task.task_id
  FROM allocations AS row
  JOIN tasks AS task ON task.subject_type = 'allocation' AND task.subject_id = row.allocation_id
   AND task.is_drill = row.is_drill AND task.kind = 'decide_hold' AND task.state <> 'done'
 WHERE row.pledger_org_id = $1 AND row.state = 'held'
 ORDER BY task.task_id
