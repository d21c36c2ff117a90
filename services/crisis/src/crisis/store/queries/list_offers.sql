-- Offers of a crisis, newest first: of one organisation, or all that others have heard of.
SELECT offer_id
  FROM offers
 WHERE crisis_id = $1
   AND ($2::uuid IS NULL AND told > 0 OR org_id = $2)
   AND ($3::text IS NULL OR state = $3)
   AND ($4::uuid IS NULL OR offer_id < $4)
 ORDER BY offer_id DESC
 LIMIT $5
