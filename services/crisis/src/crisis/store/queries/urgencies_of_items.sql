-- How urgent the open lines of a crisis are that still miss one of these items.
SELECT DISTINCT need.urgency
  FROM need_lines AS line
  JOIN needs AS need ON need.need_id = line.need_id AND need.is_drill = line.is_drill
  JOIN need_line_balances AS balance
    ON balance.need_line_id = line.need_line_id AND balance.is_drill = line.is_drill
 WHERE line.crisis_id = $1
   AND line.item_code = ANY ($2::text[])
   AND need.state = 'open'
   AND balance.requested > balance.elsewhere + balance.held + balance.in_transit + balance.arrived + balance.good
