-- Open lines of a crisis ($1) for one of the items ($2) that have room and say what is least useful: the most urgent
-- ones, needed soonest, so many ($4).
SELECT line.need_line_id
  FROM need_lines AS line
  JOIN needs AS need ON need.need_id = line.need_id AND need.is_drill = line.is_drill
  JOIN need_line_balances AS balance
    ON balance.need_line_id = line.need_line_id AND balance.is_drill = line.is_drill
 WHERE line.crisis_id = $1
   AND line.item_code = ANY ($2::text[])
   AND line.min_useful_qty > 0
   AND line.dropped_at IS NULL
   AND line.needed_by > $3
   AND need.state = 'open'
   AND NOT need.is_stale
   AND balance.requested + balance.over_cap - balance.elsewhere - balance.held - balance.in_transit - balance.arrived
         - balance.good > 0
 ORDER BY CASE need.urgency WHEN 'life_saving' THEN 0 WHEN 'urgent' THEN 1 ELSE 2 END, line.needed_by,
          line.need_line_id
 LIMIT $4
