-- Move quantities between buckets of offer lines and revise what they hold; a line without that much free stock is
-- not updated.
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
RETURNING balance.offer_line_id
