-- I2 No offer line has promised more than it has.
SELECT offer_line_id::text AS subject,
       format('reserved %s + committed %s + consumed %s of %s', reserved, committed, consumed, qty) AS found
  FROM offer_line_balances
 WHERE reserved + committed + consumed > qty OR least(reserved, committed, consumed) < 0
 ORDER BY offer_line_id
