-- I4 Every row's state and quantity are those of its last entry; a split row carries nothing; no wait lacks a clock.
-- The last entry of a row that changed its line is the last one on the line it is on now.
WITH last_entry AS (
  SELECT DISTINCT ON (entry.allocation_id, entry.is_drill) entry.allocation_id, entry.is_drill, entry.to_state, entry.qty
    FROM allocation_entries AS entry
    JOIN allocations AS row ON row.allocation_id = entry.allocation_id AND row.is_drill = entry.is_drill
                           AND row.need_line_id = entry.need_line_id
   ORDER BY entry.allocation_id, entry.is_drill, entry.line_version DESC
)
SELECT row.allocation_id::text AS subject,
       format('is %s with %s, last entry says %s with %s, deadline %s', row.state, row.qty, coalesce(entry.to_state, 'nothing'),
              coalesce(entry.qty::text, 'nothing'), coalesce(clock.state, 'none')) AS found
  FROM allocations AS row
  LEFT JOIN last_entry AS entry ON entry.allocation_id = row.allocation_id AND entry.is_drill = row.is_drill
  LEFT JOIN deadlines AS clock ON clock.deadline_id = row.deadline_id
 WHERE entry.to_state IS DISTINCT FROM row.state
    OR CASE WHEN row.state = 'split' THEN row.qty <> 0 OR row.supply_qty <> 0 ELSE row.qty <> entry.qty END
    OR (row.deadline_id IS NOT NULL AND clock.state IS DISTINCT FROM 'pending')
 ORDER BY row.allocation_id
