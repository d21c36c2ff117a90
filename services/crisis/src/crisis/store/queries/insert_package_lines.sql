-- Write the lines of one new package, in the order they were stated.
INSERT INTO package_lines (package_id, is_drill, package_line_id, position, item_code, unit, qty, pack_snapshot, step, lot,
                           best_before, value_amount, value_currency, earmark, ready_within_minutes)
SELECT $1, $2, package_line_id, position, item_code, unit, qty, pack_snapshot, step, lot, best_before, value_amount,
       value_currency, earmark, ready_within_minutes
  FROM unnest($3::uuid[], $4::smallint[], $5::text[], $6::text[], $7::numeric[], $8::jsonb[], $9::numeric[],
              $10::text[], $11::date[], $12::numeric[], $13::text[], $14::jsonb[], $15::int[])
    AS line (package_line_id, position, item_code, unit, qty, pack_snapshot, step, lot, best_before, value_amount,
             value_currency, earmark, ready_within_minutes)
