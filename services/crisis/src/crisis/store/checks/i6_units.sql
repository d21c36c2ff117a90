-- I6 Base unit, pack factor and ratio of every row still give the quantities written down.
SELECT row.allocation_id::text AS subject,
       format('%s %s against %s %s, %s × %s = %s, ratio %s/%s', row.qty, need.unit, row.supply_qty, offer.unit,
              row.pack_snapshot ->> 'count', row.pack_snapshot ->> 'factor', row.root_supply_qty,
              row.ratio_num, row.ratio_den) AS found
  FROM allocations AS row
  JOIN need_lines AS need ON need.need_line_id = row.need_line_id AND need.is_drill = row.is_drill
  JOIN offer_lines AS offer ON offer.offer_line_id = row.offer_line_id AND offer.is_drill = row.is_drill
 WHERE row.qty * row.ratio_den <> row.supply_qty * row.ratio_num
    OR (row.pack_snapshot ->> 'factor')::numeric * (row.pack_snapshot ->> 'count')::numeric <> row.root_supply_qty
    OR (row.substitute_of IS NULL AND (need.unit <> offer.unit OR need.item_code <> offer.item_code))
 ORDER BY row.allocation_id
