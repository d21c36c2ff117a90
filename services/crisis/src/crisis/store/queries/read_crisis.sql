-- One crisis whole, with its settings.
SELECT crisis.crisis_id, crisis.is_drill, crisis.crisis_no, crisis.title, crisis.hazard, crisis.state, crisis.level,
       crisis.severity, crisis.area, crisis.supporting_provinces, crisis.glide, crisis.parent_id, crisis.proposed_at,
       crisis.opened_at, crisis.stood_down_at, crisis.closed_at, crisis.end_reason, crisis.settings_version,
       crisis.deadline_id, crisis.version, settings.settings
  FROM crises AS crisis
  JOIN crisis_settings AS settings
    ON settings.crisis_id = crisis.crisis_id AND settings.is_drill = crisis.is_drill
   AND settings.version = crisis.settings_version
 WHERE crisis.crisis_id = $1
