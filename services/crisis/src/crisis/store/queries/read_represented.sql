-- Organisations as the registry last described them, one row for each reach in which a live key of theirs may promise.
-- $1 organisation ids, $2 the moment
SELECT org.organisation_id, org.state, org.document ->> 'seat_plate' AS seat_plate, reach.provinces, reach.crisis_id
  FROM organisations_mirror AS org
  LEFT JOIN LATERAL (
    SELECT DISTINCT held.provinces, held.crisis_id
      FROM credentials_mirror AS key
      JOIN grants_mirror AS held ON held.integration_id = key.integration_id
     WHERE key.organisation_id = org.organisation_id AND key.revoked_at IS NULL
       AND key.expires_on >= ($2::timestamptz AT TIME ZONE 'Europe/Istanbul')::date
       AND 'crisis:pledge:write' = ANY (key.scopes)
       AND held.role = 'pledger' AND held.revoked_at IS NULL AND held.valid_from <= $2
       AND (held.valid_to IS NULL OR held.valid_to > $2)) AS reach ON true
 WHERE org.organisation_id = ANY ($1::uuid[])
