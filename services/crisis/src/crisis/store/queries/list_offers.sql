-- Ids of offers of a crisis, newest first, before a position.
SELECT offer_id
  FROM offers
 WHERE {where}
 ORDER BY offer_id DESC
 LIMIT {limit}
