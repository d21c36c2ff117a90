-- Open held lines of organisations in a crisis, and what became of all they concluded since a moment.
SELECT org.org_id, coalesce(holding.held_lines, '{}') AS held_lines,
       coalesce(past.closed, 0)::int AS closed, coalesce(past.concluded, 0)::int AS concluded
  FROM unnest($2::uuid[]) AS org (org_id)
  LEFT JOIN LATERAL (
    SELECT array_agg(DISTINCT need_line_id) AS held_lines
      FROM allocations
     WHERE pledger_org_id = org.org_id AND crisis_id = $1 AND state = 'held') AS holding ON true
  LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE state IN ('confirmed', 'return_due')) AS closed, count(*) AS concluded
      FROM allocations
     WHERE pledger_org_id = org.org_id AND crisis_id = $1 AND state_since >= $3
       AND state IN ('confirmed', 'return_due', 'damaged', 'short', 'withdrawn', 'hold_expired', 'released', 'returned',
                     'written_off')
       AND reason IS DISTINCT FROM 'objection') AS past ON true
