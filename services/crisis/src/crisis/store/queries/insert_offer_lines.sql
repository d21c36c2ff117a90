-- Write the lines of new offers, in the order they were stated.
INSERT INTO offer_lines (offer_line_id, offer_id, is_drill, position, item_code, unit, stated_qty, pack_snapshot, step,
                         lot, best_before, value_amount, value_currency, earmark, ready_within_minutes)
SELECT offer_line_id, offer_id, is_drill, position, item_code, unit, stated_qty, pack_snapshot, step, lot,
       best_before, value_amount, value_currency, earmark, ready_within_minutes
  FROM unnest($1::uuid[], $2::uuid[], $3::boolean[], $4::smallint[], $5::text[], $6::text[], $7::numeric[],
              $8::jsonb[], $9::numeric[], $10::text[], $11::date[], $12::numeric[], $13::text[],
              $14::jsonb[], $15::int[])
    AS line (offer_line_id, offer_id, is_drill, position, item_code, unit, stated_qty, pack_snapshot, step, lot,
             best_before, value_amount, value_currency, earmark, ready_within_minutes)
