-- Of the newest packages with an item ($1), so many ($4) and no more: the newest ($3) that were checked lately ($2), by
-- an organisation that may act, each with the line a call would take. Newest first.
SELECT package.package_id, package.org_id, package.origin, package.has_transport, package.until,
       line.package_line_id, line.item_code, line.unit, line.qty, line.best_before, line.earmark,
       coalesce(line.ready_within_minutes, package.ready_within_minutes) AS ready_within_minutes
  FROM (SELECT package.package_id, package.is_drill, package.org_id, package.origin, package.has_transport,
               package.until, package.ready_within_minutes
          FROM (SELECT DISTINCT package_id, is_drill
                  FROM package_lines
                 WHERE item_code = $1
                 ORDER BY package_id DESC
                 LIMIT $4) AS walked
         CROSS JOIN LATERAL (
            SELECT package.package_id, package.is_drill, package.org_id, package.origin, package.has_transport,
                   package.verify_due_at AS until, package.ready_within_minutes
              FROM packages AS package
             WHERE package.package_id = walked.package_id AND package.is_drill = walked.is_drill
               AND package.state = 'verified' AND package.verify_due_at > $2
            OFFSET 0) AS package
         WHERE NOT EXISTS (SELECT FROM organisation_standings AS standing
                            WHERE standing.org_id = package.org_id AND standing.state <> 'active')
         ORDER BY package.package_id DESC
         LIMIT $3) AS package
 CROSS JOIN LATERAL (
    SELECT line.package_line_id, line.item_code, line.unit, line.qty, line.best_before, line.earmark,
           line.ready_within_minutes
      FROM package_lines AS line
     WHERE line.package_id = package.package_id AND line.is_drill = package.is_drill AND line.item_code = $1
     ORDER BY line.position
     LIMIT 1) AS line
 ORDER BY package.package_id DESC
