-- Needs with their clocks.
SELECT need.need_id, need.crisis_id, need.is_drill, need.asker_org_id, need.district, need.urgency, need.state,
       need.verification, need.close_reason, need.version, need.told, need.contact_ref, need.title, need.description,
       need.draft_lines, need.draft_facts, need.is_stale, need.last_heartbeat_at, need.opened_at, need.state_since, need.state_reason,
       need.visibility, need.sensitivity, need.intake, need.site_id,
       need.missing_fields, need.appealed_at, need.merged_into, need.delegated_until, need.delegated_by_org_id,
       need.deadline_id, deadline.kind AS deadline_kind,
       deadline.due_at
  FROM needs AS need
  LEFT JOIN deadlines AS deadline ON deadline.deadline_id = need.deadline_id
 WHERE need.need_id = ANY ($1::uuid[])
