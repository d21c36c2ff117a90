-- By how much do corrections under a root ($1, $2), or the one that made it, still raise its offer line ($3)?
-- At most by what the line holds beyond the last word of its owner.
SELECT greatest(0, least(
         coalesce((SELECT sum(correction.raised) FROM corrections AS correction
                    WHERE correction.root_id = $1 AND correction.is_drill = $2), 0)
         + coalesce((SELECT root.root_supply_qty
                       FROM corrections AS correction
                       JOIN allocations AS root ON root.allocation_id = $1 AND root.is_drill = $2
                      WHERE correction.excess_allocation_id = $1 AND correction.is_drill = $2), 0),
         balance.qty - coalesce(said.qty, line.stated_qty, balance.qty)))
  FROM offer_line_balances AS balance
  JOIN offer_lines AS line ON line.offer_line_id = balance.offer_line_id AND line.is_drill = balance.is_drill
  LEFT JOIN LATERAL (
    SELECT revision.qty
      FROM offer_line_revisions AS revision
     WHERE revision.offer_line_id = balance.offer_line_id
       AND revision.is_drill = balance.is_drill
       AND revision.reason IS DISTINCT FROM 'correct_record'
     ORDER BY revision.version DESC
     LIMIT 1) AS said ON true
 WHERE balance.offer_line_id = $3 AND balance.is_drill = $2
