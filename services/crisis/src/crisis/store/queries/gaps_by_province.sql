-- Open lines of a crisis that miss one of the items, of each item in each province the first $4: most urgent, then
-- needed soonest. Never lines under a saturation order.
SELECT need_line_id, need_id, district, room, unit, needed_by, urgency, asker_org_id, item_code, tamp_group,
       is_earmark_welcome, populations
  FROM (SELECT line.need_line_id, need.need_id, need.district,
               balance.requested + balance.over_cap - balance.elsewhere - balance.held - balance.in_transit
                 - balance.arrived - balance.good AS room,
               line.unit, line.needed_by, need.urgency, need.asker_org_id, line.item_code, line.tamp_group,
               line.is_earmark_welcome, line.populations,
               row_number() OVER (
                 PARTITION BY line.item_code, substr(need.district, 5, 2)
                 ORDER BY CASE need.urgency WHEN 'life_saving' THEN 0 WHEN 'urgent' THEN 1 ELSE 2 END,
                          line.needed_by, line.need_line_id) AS number
          FROM need_lines AS line
          JOIN needs AS need ON need.need_id = line.need_id AND need.is_drill = line.is_drill
          JOIN need_line_balances AS balance
            ON balance.need_line_id = line.need_line_id AND balance.is_drill = line.is_drill
         WHERE line.crisis_id = $1
           AND line.item_code = ANY ($2::text[])
           AND line.needed_by > $3
           AND need.state = 'open'
           AND need.visibility <> 'restricted'
           AND NOT need.is_stale
           AND NOT EXISTS (
                 SELECT FROM saturation_orders AS stopped
                  WHERE stopped.crisis_id = line.crisis_id AND stopped.state <> 'lapsed'
                    AND (stopped.item_code = line.item_code OR stopped.item_group = line.tamp_group)
                    AND (stopped.names_life_saving OR need.urgency <> 'life_saving')
                    AND (need.district = ANY (stopped.area) OR substr(need.district, 1, 6) = ANY (stopped.area)))
           AND balance.requested - balance.elsewhere - balance.held - balance.in_transit - balance.arrived
                 - balance.good > 0) AS gap
 WHERE number <= $4
