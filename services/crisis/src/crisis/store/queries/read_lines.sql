-- Need lines with what their needs say. Read after the balances are locked: every change of a need locks them too.
SELECT line.need_line_id, line.need_id, line.crisis_id, line.is_drill, need.asker_org_id, line.item_code, line.unit,
       need.district, line.needed_by, need.urgency, need.state AS need_state, need.verification, need.opened_at,
       line.min_useful_qty, line.day, need.is_stale, need.close_reason, line.tamp_group,
       line.substitution, line.is_earmark_welcome, line.populations, need.delegated_until,
       need.delegated_by_org_id
  FROM need_lines AS line
  JOIN needs AS need ON need.need_id = line.need_id AND need.is_drill = line.is_drill
 WHERE line.need_line_id = ANY ($1::uuid[]) AND line.dropped_at IS NULL
