-- How organisations kept the promises they concluded since $3. A withdrawn hold counts as broken when less than $4 of
-- its lease was left, or when it is one of $5 and more since $6.
SELECT row.pledger_org_id,
       count(*) FILTER (WHERE row.state IN ('confirmed', 'return_due', 'returning', 'returned')) AS kept,
       count(*) FILTER (WHERE row.state <> 'withdrawn' OR row.lease_left < $4
                              OR row.state_since >= $6 AND serial.times >= $5) AS concluded
  FROM allocations AS row
  LEFT JOIN (
    SELECT pledger_org_id, count(*) AS times FROM allocations
     WHERE pledger_org_id = ANY ($1::uuid[]) AND is_drill = $2 AND state_since >= $6 AND lease_left IS NOT NULL
     GROUP BY pledger_org_id
  ) AS serial ON serial.pledger_org_id = row.pledger_org_id
 WHERE row.pledger_org_id = ANY ($1::uuid[]) AND row.is_drill = $2 AND row.state_since >= $3
   AND (row.lease_left IS NOT NULL OR row.state IN ('confirmed', 'return_due', 'returning', 'returned', 'damaged', 'short',
     'written_off', 'hold_expired'))
 GROUP BY row.pledger_org_id
