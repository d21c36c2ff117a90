-- I5 Every offer line's balance is the fold of its entries, its quantity the latest revision or what was first stated.
WITH bucket (state, name) AS (
  VALUES ('proposed', 'reserved'), ('countered', 'reserved'), ('held', 'committed'), ('dispatched', 'committed'),
         ('arrived', 'committed'), ('returning', 'committed'), ('confirmed', 'consumed'), ('return_due', 'consumed'),
         ('damaged', 'consumed'), ('short', 'consumed'), ('returned', 'consumed'), ('written_off', 'consumed')
), moved AS (
  SELECT offer_line_id, is_drill, to_state AS state, supply_qty FROM allocation_entries
  UNION ALL
  SELECT offer_line_id, is_drill, from_state, -supply_qty FROM allocation_entries WHERE from_state IS NOT NULL
), folded AS (
  SELECT moved.offer_line_id, moved.is_drill,
         coalesce(sum(supply_qty) FILTER (WHERE name = 'reserved'), 0) AS reserved,
         coalesce(sum(supply_qty) FILTER (WHERE name = 'committed'), 0) AS committed,
         coalesce(sum(supply_qty) FILTER (WHERE name = 'consumed'), 0) AS consumed
    FROM moved
    LEFT JOIN bucket ON bucket.state = moved.state
   GROUP BY moved.offer_line_id, moved.is_drill
), revised AS (
  SELECT DISTINCT ON (offer_line_id, is_drill) offer_line_id, is_drill, qty
    FROM offer_line_revisions
   ORDER BY offer_line_id, is_drill, version DESC
)
SELECT balance.offer_line_id::text AS subject,
       format('balance %s/%s/%s of %s, ledger %s/%s/%s of %s (reserved/committed/consumed)', balance.reserved, balance.committed,
              balance.consumed, balance.qty, folded.reserved, folded.committed, folded.consumed,
              coalesce(revised.qty, line.stated_qty)) AS found
  FROM offer_line_balances AS balance
  LEFT JOIN folded ON folded.offer_line_id = balance.offer_line_id AND folded.is_drill = balance.is_drill
  LEFT JOIN revised ON revised.offer_line_id = balance.offer_line_id AND revised.is_drill = balance.is_drill
  JOIN offer_lines AS line ON line.offer_line_id = balance.offer_line_id AND line.is_drill = balance.is_drill
 WHERE balance.qty <> coalesce(revised.qty, line.stated_qty)
    OR balance.reserved <> coalesce(folded.reserved, 0)
    OR balance.committed <> coalesce(folded.committed, 0)
    OR balance.consumed <> coalesce(folded.consumed, 0)
 ORDER BY balance.offer_line_id
