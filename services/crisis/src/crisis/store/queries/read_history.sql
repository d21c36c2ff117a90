-- Every ledger entry under a root, in the order of the commands; what leaves a row or line before what comes of it.
SELECT command_id, allocation_id, root_id, need_line_id, offer_line_id, crisis_id, is_drill, from_state, to_state,
       supply_qty, qty, line_version, at
  FROM allocation_entries
 WHERE root_id = $1
 ORDER BY at, command_id, from_state IS NOT DISTINCT FROM 'split', line_version, allocation_id
