-- What open tasks propose to turn to need lines ($1): goods on the road, in the unit of the goods themselves, which is
-- that of the lines. $2: a row that is not counted, since it is asked for.
SELECT task.proposed_line_id, sum(row.supply_qty) AS qty
  FROM tasks AS task
  JOIN allocations AS row ON row.allocation_id = task.subject_id AND row.is_drill = task.is_drill
 WHERE task.proposed_line_id = ANY ($1::uuid[])
   AND task.kind = 'divert' AND task.state <> 'done'
   AND row.state = 'dispatched'
   AND row.allocation_id <> $2
 GROUP BY task.proposed_line_id
