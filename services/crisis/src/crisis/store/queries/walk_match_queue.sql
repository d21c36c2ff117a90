-- Of the next open offers without target, so many and no more, those that fit; what is free of them is looked up.
SELECT offer.offer_id
  FROM (SELECT offer.offer_id, offer.is_drill, offer.origin, offer.available
          FROM offers AS offer
         WHERE offer.is_unsolicited
           AND offer.state = 'open'
           AND {where}
         ORDER BY {order}
         LIMIT {look}) AS offer
 WHERE {fits}
 ORDER BY {order}
 LIMIT {limit}
