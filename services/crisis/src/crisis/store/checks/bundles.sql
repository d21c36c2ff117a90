-- BUNDLES Every row of a bundle is of its organisation, crisis and offer, and all rows it was made with are there.
SELECT row.allocation_id::text AS subject,
       format('in bundle %s of organisation %s, crisis %s, offer %s', row.bundle_id, bundle.org_id, bundle.crisis_id,
              bundle.offer_id) AS found
  FROM allocations AS row
  LEFT JOIN bundles AS bundle ON bundle.bundle_id = row.bundle_id AND bundle.is_drill = row.is_drill
  LEFT JOIN offer_lines AS given ON given.offer_line_id = row.offer_line_id AND given.is_drill = row.is_drill
 WHERE row.bundle_id IS NOT NULL
   AND (bundle.org_id, bundle.crisis_id, bundle.offer_id)
       IS DISTINCT FROM (row.pledger_org_id, row.crisis_id, given.offer_id)
UNION ALL
SELECT piece.allocation_id::text, format('cut from a row in bundle %s, is in %s', root.bundle_id, piece.bundle_id)
  FROM allocations AS piece
  JOIN allocations AS root ON root.allocation_id = piece.root_id AND root.is_drill = piece.is_drill
 WHERE piece.parent_id IS NOT NULL AND piece.bundle_id IS DISTINCT FROM root.bundle_id
UNION ALL
SELECT bundle.bundle_id::text, format('made with %s rows, has %s', bundle.row_count, count(row.allocation_id))
  FROM bundles AS bundle
  LEFT JOIN allocations AS row ON row.bundle_id = bundle.bundle_id AND row.is_drill = bundle.is_drill
                              AND row.parent_id IS NULL
 GROUP BY bundle.bundle_id, bundle.row_count
HAVING count(row.allocation_id) <> bundle.row_count
 ORDER BY subject
