-- Write a new bundle.
INSERT INTO bundles (bundle_id, crisis_id, is_drill, org_id, offer_id, row_count, made_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
