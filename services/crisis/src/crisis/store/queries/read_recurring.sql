-- Recurring needs by id. FOR UPDATE is appended only after the crisis is locked.
SELECT recurring_id, crisis_id, is_drill, template_id, org_id, district, every_days, is_draft, next_at, until, state,
       deadline_id, made, last_need_id, end_reason, version
  FROM recurring_needs
 WHERE recurring_id = ANY ($1::uuid[])
