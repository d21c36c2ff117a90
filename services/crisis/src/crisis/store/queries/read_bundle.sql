-- One bundle.
SELECT bundle_id, crisis_id, is_drill, org_id, offer_id, row_count, made_at
  FROM bundles
 WHERE bundle_id = $1
