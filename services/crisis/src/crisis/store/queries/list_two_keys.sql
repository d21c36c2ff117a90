-- Requests for these actions that wait for their second key, newest first, after a position; of one crisis if given.
-- Seen are those of the organisation $5 and those that a right covers ($6, $7, $8: its action, plate and crisis; null is
-- every one).
SELECT two_key_id, crisis_id, is_drill, action, subject_type, subject_id, place, payload, command_id, first_org_id,
       first_key_id, first_role, opened_at, expires_at, deadline_id, state, second_org_id, second_key_id, second_role,
       settled_at, reason, version
  FROM two_keys
 WHERE state = 'pending'
   AND action = ANY ($1::text[])
   AND ($2::uuid IS NULL OR crisis_id = $2)
   AND ($3::uuid IS NULL OR two_key_id < $3)
   AND (first_org_id = $5
        OR EXISTS (SELECT FROM unnest($6::text[], $7::text[], $8::uuid[]) AS held (of_action, plate, of_crisis)
                    WHERE held.of_action = action
                      AND (held.plate IS NULL OR held.plate = substr(place, 5, 2))
                      AND (held.of_crisis IS NULL OR held.of_crisis = crisis_id)))
 ORDER BY two_key_id DESC
 LIMIT $4
