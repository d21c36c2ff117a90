-- The queue of a need line as groups of rows that stand alike. $2, $3: since when and as which row somebody waits, to
-- count those of each group that wait longer.
WITH passed AS (
  SELECT DISTINCT root_id FROM allocations
   WHERE need_line_id = $1 AND promoted_at IS NOT NULL AND state IN ('expired', 'declined')
)
SELECT waiting.pledger_org_id, waiting.is_drill, substr(offer.origin, 1, 6) AS origin, line.ready_within_minutes,
       waiting.preferred_since IS NOT NULL AS is_preferred, passed.root_id IS NOT NULL AS let_pass,
       count(*) AS rows,
       count(*) FILTER (WHERE (waiting.waitlisted_at, waiting.allocation_id) < ($2::timestamptz, $3::uuid)) AS longer
  FROM allocations AS waiting
  JOIN offer_lines AS line ON line.offer_line_id = waiting.offer_line_id AND line.is_drill = waiting.is_drill
  JOIN offers AS offer ON offer.offer_id = line.offer_id AND offer.is_drill = line.is_drill
  LEFT JOIN passed ON passed.root_id = waiting.root_id
 WHERE waiting.need_line_id = $1 AND waiting.state = 'waitlisted'
 GROUP BY 1, 2, 3, 4, 5, 6
