-- Every row that waits for a need line ($1), or one row ($2), with what its place in the queue depends on. A call was let
-- pass by whoever did not answer it or declined it: every counter turns the answer over to the other side, and the rest
-- of what was taken in part, or countered with less, is not declined.
WITH passed AS (
  SELECT DISTINCT row.root_id FROM allocations AS row
   WHERE row.need_line_id = $1 AND row.promoted_at IS NOT NULL AND row.round % 2 = 0
     AND (row.state = 'expired' AND row.reason = 'allocation.answer'
          OR row.state = 'declined' AND row.reason <> 'saturated'
             AND NOT EXISTS (SELECT FROM allocations AS whole
                              WHERE whole.allocation_id = row.parent_id AND whole.is_drill = row.is_drill
                                AND whole.state = 'split' AND whole.state_since = row.state_since))
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
