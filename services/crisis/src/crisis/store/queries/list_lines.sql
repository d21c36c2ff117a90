-- Ids of need lines and when each changed, chosen by the filters of the request, in the order asked for.
SELECT line.need_line_id, balance.changed_at
  FROM need_lines AS line
  JOIN needs AS need ON need.need_id = line.need_id AND need.is_drill = line.is_drill
  JOIN need_line_balances AS balance
    ON balance.need_line_id = line.need_line_id AND balance.is_drill = line.is_drill
 WHERE {where}
 ORDER BY {order}
 LIMIT {limit}
