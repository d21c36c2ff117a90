-- Write ledger entries.
INSERT INTO allocation_entries (need_line_id, line_version, allocation_id, is_drill, command_id, root_id,
                                offer_line_id, crisis_id, from_state, to_state, supply_qty, qty, at)
SELECT need_line_id, line_version, allocation_id, is_drill, command_id, root_id,
       offer_line_id, crisis_id, from_state, to_state, supply_qty, qty, at
  FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::boolean[], $5::uuid[], $6::uuid[],
              $7::uuid[], $8::uuid[], $9::text[], $10::text[], $11::numeric[], $12::numeric[], $13::timestamptz[])
    AS entry (need_line_id, line_version, allocation_id, is_drill, command_id, root_id,
              offer_line_id, crisis_id, from_state, to_state, supply_qty, qty, at)
