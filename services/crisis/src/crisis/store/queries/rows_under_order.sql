-- Rows a saturation order still has to reach: $2 items, $3 areas (p-codes), $4 whether it names life-saving lines,
-- $5 since when, $6 after which row. Their states say what is done: a hold is asked for once, its desk where it
-- belongs to who ordered it ($9), a truck on the road has a divert task of this order ($8).
WITH under AS (
  SELECT line.need_line_id, line.item_code
    FROM need_lines AS line
    JOIN needs AS need ON need.need_id = line.need_id AND need.is_drill = line.is_drill
   WHERE line.crisis_id = $1
     AND ($4 OR need.urgency <> 'life_saving')
     AND (need.district = ANY ($3::text[]) OR substr(need.district, 1, 6) = ANY ($3::text[]))
)
SELECT waiting.allocation_id
  FROM under
  JOIN allocations AS waiting ON waiting.need_line_id = under.need_line_id
 WHERE coalesce(waiting.given_item, under.item_code) = ANY ($2::text[])
   AND (waiting.state IN ('proposed', 'countered', 'waitlisted')
        OR waiting.state = 'held' AND NOT EXISTS (
          SELECT FROM release_requests AS request
           WHERE request.allocation_id = waiting.allocation_id
             AND (request.state = 'pending' OR request.created_at >= $5))
          AND NOT (waiting.pledger_org_id = $9 AND EXISTS (
            SELECT FROM tasks AS task
             WHERE task.subject_type = 'allocation' AND task.subject_id = waiting.allocation_id
               AND task.kind = 'decide_hold' AND (task.state <> 'done' OR task.due_at > $5)))
        OR waiting.state = 'dispatched' AND NOT EXISTS (
          SELECT FROM tasks AS task
           WHERE task.subject_type = 'allocation' AND task.subject_id = waiting.allocation_id
             AND task.kind = 'divert' AND task.order_id = $8))
   AND waiting.allocation_id > $6
 ORDER BY waiting.allocation_id
 LIMIT $7
