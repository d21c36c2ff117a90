-- Corrections of a line, or under a root or that made it (one of $1, $2), all or one pledger's, in the order of the line's events, after
-- one of them; with the pieces the row became.
SELECT correction.command_id, correction.two_key_id, correction.crisis_id, correction.is_drill,
       correction.allocation_id, correction.root_id, correction.need_line_id, correction.line_version,
       correction.from_state, correction.qty, correction.excess, correction.excess_allocation_id, correction.reason,
       correction.first_org_id, correction.second_org_id, correction.corrected_at, row.pledger_org_id,
       piece.ids AS piece_ids, piece.states AS piece_states, piece.qtys AS piece_qtys
  FROM corrections AS correction
  JOIN allocations AS row ON row.allocation_id = correction.allocation_id AND row.is_drill = correction.is_drill
 CROSS JOIN LATERAL (
   SELECT array_agg(entry.allocation_id ORDER BY entry.allocation_id) AS ids,
          array_agg(entry.to_state ORDER BY entry.allocation_id) AS states,
          array_agg(entry.qty ORDER BY entry.allocation_id) AS qtys
     FROM allocation_entries AS entry
    WHERE entry.need_line_id = correction.need_line_id
      AND entry.line_version = correction.line_version
      AND entry.is_drill = correction.is_drill
      AND entry.from_state = 'split') AS piece
 WHERE ($1::uuid IS NULL OR correction.need_line_id = $1)
   AND ($2::uuid IS NULL OR correction.root_id = $2 OR correction.excess_allocation_id = $2)
   AND ($3::uuid IS NULL OR row.pledger_org_id = $3)
   AND correction.line_version > $4
 ORDER BY correction.line_version, correction.command_id
 LIMIT $5
