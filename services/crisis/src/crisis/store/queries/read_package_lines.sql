-- Lines of packages in the order they were stated.
SELECT line.package_id, line.package_line_id AS offer_line_id, line.item_code, line.unit, line.qty, line.pack_snapshot,
       line.step, line.lot, line.best_before, line.value_amount, line.value_currency, line.earmark,
       line.ready_within_minutes
  FROM package_lines AS line
 WHERE line.package_id = ANY ($1::uuid[])
 ORDER BY line.package_id, line.position
