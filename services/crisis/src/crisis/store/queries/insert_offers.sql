-- Write new offers.
INSERT INTO offers (offer_id, crisis_id, is_drill, org_id, origin, available, has_transport, state, version)
SELECT offer_id, crisis_id, is_drill, org_id, origin, tstzrange(available_from, available_until),
       has_transport, 'open', 1
  FROM unnest($1::uuid[], $2::uuid[], $3::boolean[], $4::uuid[], $5::text[], $6::timestamptz[],
              $7::timestamptz[], $8::boolean[])
    AS offer (offer_id, crisis_id, is_drill, org_id, origin, available_from, available_until, has_transport)
