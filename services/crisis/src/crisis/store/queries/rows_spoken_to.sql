-- Rows a saturation order may have spoken to in its crisis ($1): whose holder is asked because goods are stopped, whose
-- hold a desk must decide, or which a task of this order ($2) would turn; after row $3, $4 at most.
SELECT allocation_id
  FROM (SELECT request.allocation_id
          FROM release_requests AS request
          JOIN allocations AS held ON held.allocation_id = request.allocation_id AND held.is_drill = request.is_drill
         WHERE request.state = 'pending' AND request.reason = 'saturated' AND held.crisis_id = $1
        UNION
        SELECT task.subject_id
          FROM tasks AS task
         WHERE task.crisis_id = $1 AND task.subject_type = 'allocation' AND task.state <> 'done'
           AND (task.kind = 'decide_hold' OR task.kind = 'divert' AND task.order_id = $2)) AS spoken_to
 WHERE allocation_id > $3
 ORDER BY allocation_id
 LIMIT $4
