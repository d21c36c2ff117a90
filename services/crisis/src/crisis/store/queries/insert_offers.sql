-- Write new offers.
INSERT INTO offers (offer_id, crisis_id, is_drill, org_id, origin, available, has_transport, state, is_unsolicited,
                    package_id, ends_with_call, asked_by_key, deadline_id, told, version, behalf_org_id, object_until)
SELECT offer_id, crisis_id, is_drill, org_id, origin, tstzrange(available_from, available_until),
       has_transport, state, is_unsolicited, package_id, ends_with_call, asked_by_key, deadline_id, told, version,
       behalf_org_id, object_until
  FROM unnest($1::uuid[], $2::uuid[], $3::boolean[], $4::uuid[], $5::text[], $6::timestamptz[],
              $7::timestamptz[], $8::boolean[], $9::text[], $10::boolean[], $11::uuid[], $12::boolean[], $13::uuid[],
              $14::uuid[], $15::bigint[], $16::bigint[], $17::uuid[], $18::timestamptz[])
    AS offer (offer_id, crisis_id, is_drill, org_id, origin, available_from, available_until, has_transport, state,
              is_unsolicited, package_id, ends_with_call, asked_by_key, deadline_id, told, version, behalf_org_id,
              object_until)
