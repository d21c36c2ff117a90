-- Held rows of an organisation ($1) that may not act, about which no desk is asked: nobody decided since its standing
-- changed ($2).
SELECT row.allocation_id, row.crisis_id, row.need_line_id
  FROM allocations AS row
  JOIN organisation_standings AS standing ON standing.org_id = row.pledger_org_id AND standing.state <> 'active'
 WHERE row.pledger_org_id = $1 AND row.state = 'held'
   AND NOT EXISTS (SELECT 1 FROM tasks AS task
                    WHERE task.subject_type = 'allocation' AND task.subject_id = row.allocation_id
                      AND task.is_drill = row.is_drill AND task.kind = 'decide_hold'
                      AND (task.state <> 'done' OR task.done_by_org_id IS NOT NULL AND task.done_at >= $2))
 ORDER BY row.allocation_id
 LIMIT 100
