-- Requests that wait for their second key, newest first, before a position. Seen are those of the organisation $1 and
-- those that a right covers ($2, $3, $4: its action, plate and crisis; null is every one).
SELECT two_key_id, crisis_id, is_drill, action, subject_type, subject_id, place, payload, command_id, first_org_id,
       first_key_id, first_role, opened_at, expires_at, deadline_id, state, second_org_id, second_key_id, second_role,
       settled_at, reason, version
  FROM two_keys
 WHERE state = 'pending'
   AND (first_org_id = $1
        OR EXISTS (SELECT FROM unnest($2::text[], $3::text[], $4::uuid[]) AS held (of_action, plate, of_crisis)
                    WHERE held.of_action = action
                      AND (held.plate IS NULL OR held.plate = substr(place, 5, 2))
                      AND (held.of_crisis IS NULL OR held.of_crisis = crisis_id)))
   AND {where}
 ORDER BY two_key_id DESC
 LIMIT {limit}
