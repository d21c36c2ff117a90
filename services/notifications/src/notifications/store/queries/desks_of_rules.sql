-- Desk grants that hold now, for the integrations whose rules may hear what others agree on.
-- $1 integration ids, $2 their organisations, $3 desk roles, $4 those of them that count only with an end
SELECT g.integration_id, g.provinces, g.crisis_id
  FROM unnest($1::uuid[], $2::uuid[]) AS asked (integration_id, organisation_id)
  JOIN grants_mirror g USING (integration_id)
 WHERE g.role = ANY ($3::text[])
   AND (g.organisation_id IS NULL OR g.organisation_id = asked.organisation_id)
   AND g.revoked_at IS NULL
   AND g.valid_from <= now()
   AND (g.valid_to > now() OR (g.valid_to IS NULL AND g.role <> ALL ($4::text[])))
