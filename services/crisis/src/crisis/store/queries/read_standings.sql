-- Open held lines of organisations in a crisis, and what became of the promises they concluded since a moment: of goods
-- that were held, each promise once, closed when at least half of it came. What is let go is the pledger's doing only
-- where it did not answer ($4).
SELECT org.org_id, coalesce(holding.held_lines, '{}') AS held_lines,
       coalesce(past.closed, 0)::int AS closed, coalesce(past.concluded, 0)::int AS concluded
  FROM unnest($2::uuid[]) AS org (org_id)
  LEFT JOIN LATERAL (
    SELECT array_agg(DISTINCT need_line_id) AS held_lines
      FROM allocations
     WHERE pledger_org_id = org.org_id AND crisis_id = $1 AND state = 'held') AS holding ON true
  LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE promise.kept * 2 >= promise.qty) AS closed, count(*) AS concluded
      FROM (SELECT sum(qty) AS qty,
                   coalesce(sum(qty) FILTER (WHERE state IN ('confirmed', 'return_due', 'returned')), 0) AS kept
              FROM allocations
             WHERE pledger_org_id = org.org_id AND crisis_id = $1 AND state_since >= $3
               AND state IN ('confirmed', 'return_due', 'damaged', 'short', 'withdrawn', 'hold_expired', 'released',
                             'returned', 'written_off')
               AND (state <> 'withdrawn' OR lease_left IS NOT NULL)
               AND reason IS DISTINCT FROM 'objection'
               AND (state <> 'released' OR reason = $4)
             GROUP BY root_id) AS promise) AS past ON true
