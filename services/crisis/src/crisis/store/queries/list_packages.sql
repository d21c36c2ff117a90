-- Ids of packages, newest first, before a position.
SELECT package.package_id
  FROM packages AS package
 WHERE {where}
 ORDER BY package.package_id DESC
 LIMIT {limit}
