-- Lines of needs with what is asked now, in the order they were written.
SELECT line.need_id, line.need_line_id, line.item_code, line.unit, balance.requested, line.min_useful_qty, line.needed_by,
       line.pack_snapshot, line.sector, line.tamp_group, line.note, line.substitution, line.is_loan_ok,
       line.is_earmark_welcome, line.populations
  FROM need_lines AS line
  JOIN need_line_balances AS balance
    ON balance.need_line_id = line.need_line_id AND balance.is_drill = line.is_drill
 WHERE line.need_id = ANY ($1::uuid[]) AND line.dropped_at IS NULL
 ORDER BY line.need_id, line.position
