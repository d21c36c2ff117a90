-- Move quantities between buckets of offer lines and revise what they hold; a line without that much free stock is
-- not updated. `may_end`: nothing of it is left, or nothing is promised any more of what was put up for one promise.
-- `waited_on`: where more of it is free than before, the need lines that pledges of it wait for.
UPDATE offer_line_balances AS balance
   SET qty       = balance.qty + change.qty,
       reserved  = balance.reserved + change.reserved,
       committed = balance.committed + change.committed,
       consumed  = balance.consumed + change.consumed,
       version   = balance.version + 1
  FROM unnest($1::uuid[], $2::boolean[], $3::numeric[], $4::numeric[], $5::numeric[], $6::numeric[])
    AS change (offer_line_id, is_drill, qty, reserved, committed, consumed)
 WHERE balance.offer_line_id = change.offer_line_id
   AND balance.is_drill = change.is_drill
   AND balance.reserved + balance.committed + balance.consumed
       + change.reserved + change.committed + change.consumed <= balance.qty + change.qty
RETURNING balance.offer_line_id, now() AS at,
          balance.consumed = balance.qty
          OR (balance.reserved + balance.committed + balance.consumed = 0
              AND EXISTS (SELECT FROM offer_lines AS line
                            JOIN offers AS offer ON offer.offer_id = line.offer_id AND offer.is_drill = line.is_drill
                           WHERE line.offer_line_id = balance.offer_line_id AND line.is_drill = balance.is_drill
                             AND NOT offer.is_unsolicited)) AS may_end,
          CASE WHEN change.qty > change.reserved + change.committed + change.consumed
               THEN ARRAY (SELECT DISTINCT waiting.need_line_id FROM allocations AS waiting
                            WHERE waiting.offer_line_id = balance.offer_line_id
                              AND waiting.is_drill = balance.is_drill
                              AND waiting.state = 'waitlisted') END AS waited_on
