-- Thresholds of organisations that count now: the newest of each, and those that were replaced within the period $2.
SELECT org_id, version, quantities, amounts
  FROM (SELECT org_id, version, quantities, amounts,
               lead(created_at) OVER (PARTITION BY org_id ORDER BY version) AS replaced_at
          FROM organisation_thresholds
         WHERE org_id = ANY ($1::uuid[])) AS stated
 WHERE replaced_at IS NULL OR replaced_at > now() - $2::interval
 ORDER BY org_id, version
