-- Needs that ask for things of the same groups in near provinces around the same time; the same district first, then
-- the same province, then the latest.
SELECT need.need_id, need.asker_org_id, need.district, need.state, need.submitted_at, need.title, need.description,
       lines.item_codes, lines.notes, need.visibility = 'restricted' AS is_restricted
  FROM needs AS need
 CROSS JOIN LATERAL (
   SELECT array_agg(DISTINCT line.item_code) AS item_codes,
          array_remove(array_agg(line.note), NULL) AS notes,
          bool_or(line.kind = 'goods' AND line.tamp_group = ANY ($6::text[])) AS is_of_group
     FROM need_lines AS line
    WHERE line.need_id = need.need_id AND line.is_drill = need.is_drill AND line.dropped_at IS NULL) AS lines
 WHERE need.crisis_id = $1
   AND need.is_drill = $2
   AND need.need_id <> $3
   AND need.told > 0
   AND need.state IN ('submitted', 'returned', 'open', 'on_hold')
   AND need.submitted_at BETWEEN $7 AND $8
   AND substr(need.district, 5, 2) = ANY ($5::text[])
   AND (need.visibility <> 'restricted' OR need.asker_org_id = $10)
   AND lines.is_of_group
 ORDER BY need.district <> $4, substr(need.district, 5, 2) <> substr($4, 5, 2), need.submitted_at DESC, need.need_id
 LIMIT $9
