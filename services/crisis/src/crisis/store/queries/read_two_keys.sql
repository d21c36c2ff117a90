-- One request for a second key.
SELECT two_key_id, crisis_id, is_drill, action, subject_type, subject_id, place, payload, command_id, first_org_id,
       first_key_id, first_role, opened_at, expires_at, deadline_id, state, second_org_id, second_key_id, second_role,
       settled_at, reason, version
  FROM two_keys
 WHERE two_key_id = $1
