-- Ids of offers of a crisis and when each last changed, chosen by what an index leads to.
SELECT offer.offer_id, offer.changed_at
  FROM offers AS offer
 WHERE {where}
 ORDER BY {order}
 LIMIT {limit}
