-- I1 On no line does held + in transit + arrived + good exceed requested + over-cap + carried excess.
SELECT need_line_id::text AS subject,
       format('accepted %s of %s', held + in_transit + arrived + good, requested + over_cap + carried_excess) AS found
  FROM need_line_balances
 WHERE held + in_transit + arrived + good > requested + over_cap + carried_excess
 ORDER BY need_line_id
