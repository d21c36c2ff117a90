-- Of the newest packages with an item ($1), so many ($3) and no more: those that were checked lately ($2), by an
-- organisation that may act, each with the line a call would take.
SELECT DISTINCT ON (package.package_id)
       package.package_id, package.org_id, package.origin, package.has_transport, package.verify_due_at AS until,
       line.package_line_id, line.item_code, line.unit, line.qty, line.best_before, line.earmark,
       coalesce(line.ready_within_minutes, package.ready_within_minutes) AS ready_within_minutes
  FROM (SELECT package_id, is_drill, package_line_id, position, item_code, unit, qty, best_before, earmark,
               ready_within_minutes
          FROM package_lines
         WHERE item_code = $1
         ORDER BY package_id DESC
         LIMIT $3) AS line
  JOIN packages AS package ON package.package_id = line.package_id AND package.is_drill = line.is_drill
 WHERE package.state = 'verified' AND package.verify_due_at > $2
   AND NOT EXISTS (SELECT FROM organisation_standings AS standing
                    WHERE standing.org_id = package.org_id AND standing.state <> 'active')
 ORDER BY package.package_id, line.position
