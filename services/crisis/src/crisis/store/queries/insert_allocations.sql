-- Write new allocation rows.
INSERT INTO allocations (allocation_id, root_id, parent_id, crisis_id, is_drill, need_line_id, offer_line_id,
                         pledger_org_id, initiated_by, awaiting, root_supply_qty, supply_qty, ratio_num, ratio_den,
                         qty, pack_snapshot, state, state_since, deadline_id, reason, waitlisted_at, last_actor,
                         version, promoted_at, earmark, given_item, substitute_of, plan_date, plan_transport, round,
                         extensions, has_conditions, desk_org_id, preferred_since, bundle_id,
                         behalf_org_id, object_until)
SELECT allocation_id, root_id, parent_id, crisis_id, is_drill, need_line_id, offer_line_id,
       pledger_org_id, initiated_by, awaiting, root_supply_qty, supply_qty, ratio_num, ratio_den,
       qty, pack_snapshot, state, state_since, deadline_id, reason, waitlisted_at, last_actor, version,
       promoted_at, earmark, given_item, substitute_of, plan_date, plan_transport, round, extensions,
       has_conditions, desk_org_id, preferred_since, bundle_id, behalf_org_id, object_until
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::boolean[], $6::uuid[], $7::uuid[],
              $8::uuid[], $9::text[], $10::text[], $11::numeric[], $12::numeric[], $13::int[], $14::int[],
              $15::numeric[], $16::jsonb[], $17::text[], $18::timestamptz[], $19::uuid[], $20::text[],
              $21::timestamptz[], $22::text[], $23::bigint[], $24::timestamptz[], $25::jsonb[], $26::text[],
              $27::text[], $28::timestamptz[], $29::text[], $30::smallint[], $31::smallint[], $32::boolean[],
              $33::uuid[], $34::timestamptz[], $35::uuid[], $36::uuid[], $37::timestamptz[])
    AS new (allocation_id, root_id, parent_id, crisis_id, is_drill, need_line_id, offer_line_id,
            pledger_org_id, initiated_by, awaiting, root_supply_qty, supply_qty, ratio_num, ratio_den,
            qty, pack_snapshot, state, state_since, deadline_id, reason, waitlisted_at, last_actor, version,
            promoted_at, earmark, given_item, substitute_of, plan_date, plan_transport, round, extensions,
            has_conditions, desk_org_id, preferred_since, bundle_id, behalf_org_id, object_until)
