-- Open offers without target that still have something free, oldest first, after a position.
SELECT offer.offer_id
  FROM offers AS offer
 WHERE offer.crisis_id = $1
   AND offer.is_unsolicited
   AND offer.state = 'open'
   AND upper(offer.available) > $2
   AND offer.offer_id > $3
   AND EXISTS (SELECT FROM offer_lines AS line
                 JOIN offer_line_balances AS balance
                   ON balance.offer_line_id = line.offer_line_id AND balance.is_drill = line.is_drill
                WHERE line.offer_id = offer.offer_id
                  AND balance.qty > balance.reserved + balance.committed + balance.consumed)
 ORDER BY offer.offer_id
 LIMIT $4
