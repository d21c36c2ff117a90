-- Opened offer lines with their balances.
SELECT line.offer_line_id, line.offer_id, balance.qty, balance.reserved, balance.committed, balance.consumed,
       balance.version
  FROM offer_lines AS line
  JOIN offer_line_balances AS balance
    ON balance.offer_line_id = line.offer_line_id AND balance.is_drill = line.is_drill
 WHERE line.offer_line_id = ANY ($1::uuid[])
