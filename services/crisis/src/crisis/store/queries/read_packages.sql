-- Packages with their clocks.
SELECT package.package_id, package.is_drill, package.org_id, package.origin, package.has_transport,
       package.ready_within_minutes, package.state, package.verified_at, package.verify_due_at, package.deadline_id,
       deadline.kind AS deadline_kind, deadline.due_at, package.told, package.version
  FROM packages AS package
  LEFT JOIN deadlines AS deadline ON deadline.deadline_id = package.deadline_id
 WHERE package.package_id = ANY ($1::uuid[])
