-- Write new offers with one line each.
WITH new AS (
  SELECT offer_id, offer_line_id, crisis_id, is_drill, org_id, origin, available_from, available_until,
         has_transport, ready_within_minutes, item_code, unit
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::boolean[], $5::uuid[], $6::text[], $7::timestamptz[],
                $8::timestamptz[], $9::boolean[], $10::int[], $11::text[], $12::text[])
      AS offer (offer_id, offer_line_id, crisis_id, is_drill, org_id, origin, available_from, available_until,
                has_transport, ready_within_minutes, item_code, unit)
), written AS (
  INSERT INTO offers (offer_id, crisis_id, is_drill, org_id, origin, available, has_transport, state, version)
  SELECT offer_id, crisis_id, is_drill, org_id, origin, tstzrange(available_from, available_until),
         has_transport, 'open', 1
    FROM new
)
INSERT INTO offer_lines (offer_line_id, offer_id, is_drill, item_code, unit, ready_within_minutes)
SELECT offer_line_id, offer_id, is_drill, item_code, unit, ready_within_minutes
  FROM new
