-- Offers whose state is not what the standing of their organisation asks for, a hundred at a time. One that is over
-- does not open again.
SELECT offer.offer_id
  FROM offers AS offer
  LEFT JOIN organisation_standings AS standing ON standing.org_id = offer.org_id
 WHERE offer.org_id = $1
   AND CASE WHEN coalesce(standing.state, 'active') = 'active'
            THEN offer.state = 'suspended' AND offer.suspension_cause = 'organisation' AND upper(offer.available) > $2
            ELSE offer.state = 'open' END
 ORDER BY offer.offer_id
 LIMIT 100
