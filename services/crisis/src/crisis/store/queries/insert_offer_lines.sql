-- Write the lines of new offers, one each.
INSERT INTO offer_lines (offer_line_id, offer_id, is_drill, item_code, unit, ready_within_minutes)
SELECT offer_line_id, offer_id, is_drill, item_code, unit, ready_within_minutes
  FROM unnest($1::uuid[], $2::uuid[], $3::boolean[], $4::text[], $5::text[], $6::int[])
    AS line (offer_line_id, offer_id, is_drill, item_code, unit, ready_within_minutes)
