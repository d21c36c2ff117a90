-- I3 Under every root the rows carry exactly what was proposed, and every row knows its root. A correction takes from its
-- row what it carried, gives all of it to pieces, and brings nothing else but the excess it names.
SELECT root_id::text AS subject,
       format('rows carry %s, proposed were %s', sum(supply_qty), max(root_supply_qty)) AS found
  FROM allocations
 GROUP BY root_id, is_drill
HAVING sum(supply_qty) <> max(root_supply_qty)
    OR min(root_supply_qty) <> max(root_supply_qty)
    OR count(*) FILTER (WHERE parent_id IS NULL) <> 1
UNION ALL
SELECT correction.allocation_id::text,
       format('corrected %s and %s in excess: its entries take %s, give %s and add %s', correction.qty, correction.excess,
              moved.taken, moved.given, moved.added)
  FROM corrections AS correction
 CROSS JOIN LATERAL (
   SELECT sum(entry.qty) FILTER (WHERE entry.allocation_id = correction.allocation_id AND entry.to_state = 'split'
                                   AND entry.from_state = correction.from_state) AS taken,
          sum(entry.qty) FILTER (WHERE entry.from_state = 'split') AS given,
          coalesce(sum(entry.qty) FILTER (WHERE entry.from_state IS NULL AND entry.to_state = 'confirmed'
                                            AND entry.allocation_id = correction.excess_allocation_id), 0) AS added,
          count(*) FILTER (WHERE entry.from_state IS DISTINCT FROM 'split') AS others
     FROM allocation_entries AS entry
    WHERE entry.command_id = correction.command_id
      AND entry.need_line_id = correction.need_line_id
      AND entry.line_version = correction.line_version
      AND entry.is_drill = correction.is_drill) AS moved
 WHERE moved.taken IS DISTINCT FROM correction.qty
    OR moved.given IS DISTINCT FROM correction.qty
    OR moved.added <> correction.excess
    OR moved.others <> CASE WHEN correction.excess > 0 THEN 2 ELSE 1 END
 ORDER BY subject
