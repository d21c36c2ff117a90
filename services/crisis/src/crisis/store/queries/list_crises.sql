-- Crises, each with its last change, after a position of the list.
SELECT crisis.crisis_id, crisis.crisis_no, crisis.state, crisis.title, crisis.hazard, crisis.level, crisis.severity,
       crisis.area, crisis.supporting_provinces, crisis.glide, crisis.is_drill, crisis.proposed_at, crisis.opened_at,
       crisis.stood_down_at, crisis.closed_at, crisis.end_reason AS reason, crisis.parent_id,
       crisis.settings_version, settings.settings, crisis.version,
       crisis.changed_at
  FROM crises AS crisis
  JOIN crisis_settings AS settings
    ON settings.crisis_id = crisis.crisis_id AND settings.is_drill = crisis.is_drill
   AND settings.version = crisis.settings_version
 WHERE {where}
 ORDER BY {order}
 LIMIT {limit}
