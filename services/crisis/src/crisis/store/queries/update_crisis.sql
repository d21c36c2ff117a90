-- A crisis after one step; hazard, drill and parent never change.
UPDATE crises
   SET crisis_no = $3, title = $4, state = $5, level = $6, severity = $7, area = $8, supporting_provinces = $9,
       glide = $10, opened_at = $11, stood_down_at = $12, closed_at = $13, end_reason = $14,
       settings_version = $15, deadline_id = $16, version = $17
 WHERE crisis_id = $1 AND is_drill = $2
