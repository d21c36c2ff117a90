-- Every row that waits for a need line ($1), or one row ($2), with what its place in the queue depends on.
WITH passed AS (
  SELECT DISTINCT root_id FROM allocations
   WHERE need_line_id = $1 AND promoted_at IS NOT NULL AND state IN ('expired', 'declined')
)
SELECT waiting.allocation_id, waiting.waitlisted_at, waiting.qty,
       waiting.pledger_org_id, waiting.is_drill, offer.origin, line.ready_within_minutes,
       waiting.preferred_since IS NOT NULL AS is_preferred, passed.root_id IS NOT NULL AS let_pass
  FROM allocations AS waiting
  JOIN offer_lines AS line ON line.offer_line_id = waiting.offer_line_id AND line.is_drill = waiting.is_drill
  JOIN offers AS offer ON offer.offer_id = line.offer_id AND offer.is_drill = line.is_drill
  LEFT JOIN passed ON passed.root_id = waiting.root_id
 WHERE waiting.need_line_id = $1 AND waiting.state = 'waitlisted'
   AND ($2::uuid IS NULL OR waiting.allocation_id = $2)
