-- Ids of need lines with the version of their need and when either changed, chosen by the filters of the request.
SELECT line.need_line_id, need.version AS need_version, greatest(balance.changed_at, need.changed_at) AS changed_at
  FROM need_lines AS line
  JOIN needs AS need
    ON need.need_id = line.need_id AND need.is_drill = line.is_drill AND need.crisis_id = line.crisis_id
  JOIN need_line_balances AS balance
    ON balance.need_line_id = line.need_line_id AND balance.is_drill = line.is_drill
 WHERE line.dropped_at IS NULL
   AND {where}
 ORDER BY line.need_line_id DESC
 LIMIT {limit}
