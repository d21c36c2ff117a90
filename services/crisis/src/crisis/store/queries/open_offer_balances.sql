-- Open the balances of new offer lines with what their first entries put into them.
INSERT INTO offer_line_balances (offer_line_id, is_drill, qty, reserved, committed, consumed, version)
SELECT offer_line_id, is_drill, qty, reserved, committed, consumed, 1
  FROM unnest($1::uuid[], $2::boolean[], $3::numeric[], $4::numeric[], $5::numeric[], $6::numeric[])
    AS opening (offer_line_id, is_drill, qty, reserved, committed, consumed)
