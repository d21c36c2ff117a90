-- Packages, newest first: all of one organisation, or those that active organisations keep ready now.
SELECT package.package_id
  FROM packages AS package
 WHERE ($1::uuid IS NULL OR package.org_id = $1)
   AND ($1::uuid IS NOT NULL
        OR package.state = 'verified' AND package.verify_due_at > $3
           AND NOT EXISTS (SELECT FROM organisation_standings AS standing
                            WHERE standing.org_id = package.org_id AND standing.state <> 'active'))
   AND ($2::text IS NULL
        OR EXISTS (SELECT FROM package_lines AS line
                    WHERE line.package_id = package.package_id AND line.item_code = $2))
   AND ($4::uuid IS NULL OR package.package_id < $4)
 ORDER BY package.package_id DESC
 LIMIT $5
