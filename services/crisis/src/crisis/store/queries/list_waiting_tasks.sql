-- Tasks somebody must still act on by due date, through the index of those alone, of provinces the reader may see or of desks its organisation hosts, after a position.
SELECT task.task_id, task.crisis_id, task.is_drill, task.kind, task.desk_id, task.seat, task.subject_type,
       task.subject_id, task.place, task.item_group, task.urgency, task.state, task.due_at, task.every_minutes,
       task.escalations, task.deadline_id, task.outcome, task.done_at, task.done_by_org_id, task.version
  FROM tasks AS task
  LEFT JOIN desks AS desk ON desk.desk_id = task.desk_id AND desk.is_drill = task.is_drill
 WHERE ($1::uuid IS NULL OR task.crisis_id = $1)
   AND ($2::text[] IS NULL OR substr(task.place, 5, 2) = ANY ($2) OR desk.host_org_id = $3)
   AND (NOT $4 OR desk.host_org_id = $3)
   AND ($5::uuid IS NULL OR task.desk_id = $5)
   AND ($6::text IS NULL OR task.kind = $6)
   AND task.state <> 'done' AND $7::text = 'waiting'
   AND ($8::timestamptz IS NULL OR task.due_at <= $8)
   AND ($9::timestamptz IS NULL OR (task.due_at, task.task_id) > ($9, $10::uuid))
 ORDER BY task.due_at, task.task_id
 LIMIT $11
