-- Of the newest offers of a crisis ($1) that wait to be matched, so many ($4) and no more: lines of the items $2 that
-- have something free at $3. Who may not act offers nothing.
SELECT offer.offer_id, line.offer_line_id, offer.org_id, offer.origin, offer.has_transport, offer.until,
       offer.behalf_org_id, line.item_code, line.unit, line.step, line.ready_within_minutes, line.best_before,
       line.earmark, line.free
  FROM (SELECT offer.offer_id, offer.is_drill, offer.org_id, offer.origin, offer.has_transport,
               upper(offer.available) AS until, offer.behalf_org_id
          FROM offers AS offer
         WHERE offer.crisis_id = $1 AND offer.is_unsolicited AND offer.state = 'open'
         ORDER BY offer.offer_id DESC
         LIMIT $4) AS offer
 CROSS JOIN LATERAL (
    SELECT line.offer_line_id, line.item_code, line.unit, line.step, line.ready_within_minutes, line.best_before,
           line.earmark, balance.qty - balance.reserved - balance.committed - balance.consumed AS free
      FROM offer_lines AS line
      JOIN offer_line_balances AS balance
        ON balance.offer_line_id = line.offer_line_id AND balance.is_drill = line.is_drill
     WHERE line.offer_id = offer.offer_id AND line.is_drill = offer.is_drill AND line.item_code = ANY ($2::text[])
       AND balance.qty > balance.reserved + balance.committed + balance.consumed
    OFFSET 0) AS line
 WHERE offer.until > $3
   AND NOT EXISTS (SELECT FROM organisation_standings AS standing
                    WHERE standing.org_id = offer.org_id AND standing.state <> 'active')
