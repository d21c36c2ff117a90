-- Of the next offers that an index leads to, so many and no more, those that fit; their lines are looked up.
SELECT offer.offer_id, offer.changed_at
  FROM (SELECT offer.offer_id, offer.is_drill, offer.changed_at, offer.org_id, offer.state, offer.origin, offer.available
          FROM offers AS offer
         WHERE {where}
         ORDER BY {order}
         LIMIT {look}) AS offer
 WHERE {fits}
 ORDER BY {order}
 LIMIT {limit}
