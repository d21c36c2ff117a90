-- I5 Every need line's balance is the fold of its entries, its latest revision and what stands met elsewhere; a carried
-- excess is exactly what was accepted above the request.
WITH bucket (state, name) AS (
  VALUES ('proposed', 'P'), ('countered', 'P'), ('waitlisted', 'W'), ('held', 'H'), ('dispatched', 'T'),
         ('arrived', 'A'), ('confirmed', 'D'), ('return_due', 'D'), ('damaged', 'L'), ('short', 'L')
), moved AS (
  SELECT need_line_id, is_drill, to_state AS state, qty FROM allocation_entries
  UNION ALL
  SELECT need_line_id, is_drill, from_state, -qty FROM allocation_entries WHERE from_state IS NOT NULL
), folded AS (
  SELECT moved.need_line_id, moved.is_drill,
         coalesce(sum(qty) FILTER (WHERE name = 'P'), 0) AS proposed,
         coalesce(sum(qty) FILTER (WHERE name = 'W'), 0) AS waitlisted,
         coalesce(sum(qty) FILTER (WHERE name = 'H'), 0) AS held,
         coalesce(sum(qty) FILTER (WHERE name = 'T'), 0) AS in_transit,
         coalesce(sum(qty) FILTER (WHERE name = 'A'), 0) AS arrived,
         coalesce(sum(qty) FILTER (WHERE name = 'D'), 0) AS good,
         coalesce(sum(qty) FILTER (WHERE name = 'L'), 0) AS lost
    FROM moved
    LEFT JOIN bucket ON bucket.state = moved.state
   GROUP BY moved.need_line_id, moved.is_drill
), asked AS (
  SELECT DISTINCT ON (need_line_id, is_drill) need_line_id, is_drill, requested, over_cap
    FROM need_line_revisions
   ORDER BY need_line_id, is_drill, version DESC
), stated AS (
  SELECT need_line_id, is_drill, sum(qty) AS elsewhere
    FROM elsewhere_statements
   WHERE revoked_at IS NULL
   GROUP BY need_line_id, is_drill
), told AS (
  SELECT need_line_id, is_drill, max(line_version) AS last_entry, count(DISTINCT line_version) AS events
    FROM allocation_entries
   GROUP BY need_line_id, is_drill
)
SELECT balance.need_line_id::text AS subject,
       format('balance R %s C %s E %s, carried %s, P %s W %s H %s T %s A %s D %s L %s, ledger R %s C %s E %s, carried %s, P %s W %s H %s T %s A %s D %s L %s',
              balance.requested, balance.over_cap, balance.elsewhere, balance.carried_excess, balance.proposed, balance.waitlisted, balance.held,
              balance.in_transit, balance.arrived, balance.good, balance.lost,
              asked.requested, asked.over_cap, coalesce(stated.elsewhere, 0), carried.excess, folded.proposed, folded.waitlisted, folded.held,
              folded.in_transit, folded.arrived, folded.good, folded.lost) AS found
  FROM need_line_balances AS balance
  LEFT JOIN folded ON folded.need_line_id = balance.need_line_id AND folded.is_drill = balance.is_drill
  LEFT JOIN asked ON asked.need_line_id = balance.need_line_id AND asked.is_drill = balance.is_drill
  LEFT JOIN stated ON stated.need_line_id = balance.need_line_id AND stated.is_drill = balance.is_drill
 CROSS JOIN LATERAL (
   SELECT greatest(0, coalesce(folded.held + folded.in_transit + folded.arrived + folded.good, 0)
                      - asked.requested - asked.over_cap) AS excess) AS carried
  LEFT JOIN told ON told.need_line_id = balance.need_line_id AND told.is_drill = balance.is_drill
 WHERE balance.requested IS DISTINCT FROM asked.requested
    OR balance.over_cap IS DISTINCT FROM asked.over_cap
    OR balance.elsewhere <> coalesce(stated.elsewhere, 0)
    OR balance.carried_excess IS DISTINCT FROM carried.excess
    OR balance.proposed <> coalesce(folded.proposed, 0)
    OR balance.waitlisted <> coalesce(folded.waitlisted, 0)
    OR balance.held <> coalesce(folded.held, 0)
    OR balance.in_transit <> coalesce(folded.in_transit, 0)
    OR balance.arrived <> coalesce(folded.arrived, 0)
    OR balance.good <> coalesce(folded.good, 0)
    OR balance.lost <> coalesce(folded.lost, 0)
    OR balance.version < coalesce(told.last_entry, 0)
 ORDER BY balance.need_line_id
