-- Open offers without target, oldest first, after a position.
SELECT offer.offer_id
  FROM offers AS offer
 WHERE offer.is_unsolicited
   AND offer.state = 'open'
   AND {where}
 ORDER BY {order}
 LIMIT {limit}
