-- Lines of offers in the order they were stated, with what they hold now (before they open: what was stated).
SELECT line.offer_id, line.offer_line_id, line.item_code, line.unit, coalesce(balance.qty, line.stated_qty) AS qty,
       line.pack_snapshot, line.step, line.lot, line.best_before, line.value_amount, line.value_currency, line.earmark,
       line.ready_within_minutes
  FROM offer_lines AS line
  LEFT JOIN offer_line_balances AS balance
    ON balance.offer_line_id = line.offer_line_id AND balance.is_drill = line.is_drill
 WHERE line.offer_id = ANY ($1::uuid[])
 ORDER BY line.offer_id, line.position
