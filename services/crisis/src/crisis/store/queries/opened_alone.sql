-- What keys ($1) put up alone within a period ($2) and was not given back, without one offer ($3): of an offer that goes
-- on all of it, of one that ended or was made for a call what was accepted.
SELECT offer.opened_by_key, offer.crisis_id, line.item_code, line.value_currency,
       sum(standing.qty) AS qty, sum(line.value_amount) AS amount
  FROM offers AS offer
  JOIN offer_lines AS line ON line.offer_id = offer.offer_id AND line.is_drill = offer.is_drill
  JOIN offer_line_balances AS balance ON balance.offer_line_id = line.offer_line_id AND balance.is_drill = line.is_drill
 CROSS JOIN LATERAL (
    SELECT CASE WHEN offer.state = 'closed' OR offer.ends_with_call THEN balance.committed + balance.consumed
                ELSE balance.qty END AS qty) AS standing
 WHERE offer.opened_by_key = ANY ($1::uuid[]) AND offer.created_at > now() - $2::interval
   AND offer.offer_id IS DISTINCT FROM $3::uuid AND standing.qty > 0
 GROUP BY offer.opened_by_key, offer.crisis_id, line.item_code, line.value_currency
