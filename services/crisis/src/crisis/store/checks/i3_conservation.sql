-- I3 Under every root the rows carry exactly what was proposed, and every row knows its root.
SELECT root_id::text AS subject,
       format('rows carry %s, proposed were %s', sum(supply_qty), max(root_supply_qty)) AS found
  FROM allocations
 GROUP BY root_id, is_drill
HAVING sum(supply_qty) <> max(root_supply_qty)
    OR min(root_supply_qty) <> max(root_supply_qty)
    OR count(*) FILTER (WHERE parent_id IS NULL) <> 1
 ORDER BY root_id
