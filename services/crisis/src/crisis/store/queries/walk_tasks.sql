-- Of the next tasks that an index leads to, so many and no more, those that fit; their desks are looked up.
SELECT task.task_id, task.crisis_id, task.is_drill, task.kind, task.desk_id, task.seat, task.subject_type,
       task.subject_id, task.place, task.item_group, task.urgency, task.state, task.due_at, task.every_minutes,
       task.escalations, task.deadline_id, task.outcome, task.done_at, task.done_by_org_id, task.version,
       task.order_id, task.proposed_place, task.proposed_line_id, task.changed_at
  FROM (SELECT task.task_id, task.crisis_id, task.is_drill, task.kind, task.desk_id, task.seat, task.subject_type,
               task.subject_id, task.place, task.item_group, task.urgency, task.state, task.due_at, task.every_minutes,
               task.escalations, task.deadline_id, task.outcome, task.done_at, task.done_by_org_id, task.version,
               task.order_id, task.proposed_place, task.proposed_line_id, task.changed_at
          FROM tasks AS task
         WHERE {where}
         ORDER BY {order}
         LIMIT {look}) AS task
  LEFT JOIN LATERAL
       (SELECT one.host_org_id
          FROM desks AS one
         WHERE one.desk_id = task.desk_id AND one.is_drill = task.is_drill
        {fence}) AS desk ON true
 WHERE {fits}
 ORDER BY {order}
 LIMIT {limit}
