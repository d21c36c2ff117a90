-- Write a request for a second key, unless the same action on the subject already waits for one.
INSERT INTO two_keys (two_key_id, crisis_id, is_drill, action, subject_type, subject_id, place, payload, command_id,
                      first_org_id, first_key_id, first_role, opened_at, expires_at, deadline_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (action, subject_type, subject_id) WHERE state = 'pending' DO NOTHING
RETURNING two_key_id
