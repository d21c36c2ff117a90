-- What the places of rows ($1) in the queues of their need lines ($2) would depend on, if they waited.
WITH passed AS (
  SELECT DISTINCT need_line_id, root_id FROM allocations
   WHERE need_line_id = ANY ($2::uuid[]) AND promoted_at IS NOT NULL AND state IN ('expired', 'declined')
)
SELECT row.allocation_id, row.pledger_org_id, row.is_drill, offer.origin, line.ready_within_minutes,
       row.preferred_since IS NOT NULL AS is_preferred, passed.root_id IS NOT NULL AS let_pass
  FROM allocations AS row
  JOIN offer_lines AS line ON line.offer_line_id = row.offer_line_id AND line.is_drill = row.is_drill
  JOIN offers AS offer ON offer.offer_id = line.offer_id AND offer.is_drill = line.is_drill
  LEFT JOIN passed ON passed.need_line_id = row.need_line_id AND passed.root_id = row.root_id
 WHERE row.allocation_id = ANY ($1::uuid[])
