-- How much of each item of a package ($1) stands elsewhere, among live or drill offers ($2): an offer that goes on holds
-- all of its stock, one that ended what is still promised; and what was given or is gone ($4, $5) since somebody
-- looked at the package ($3) is not there either.
SELECT line.item_code,
       sum(CASE offer.state WHEN 'closed' THEN balance.reserved + balance.committed ELSE balance.qty - balance.consumed END
           + given.qty + gone.qty) AS promised
  FROM offers AS offer
  JOIN offer_lines AS line ON line.offer_id = offer.offer_id AND line.is_drill = offer.is_drill
  JOIN offer_line_balances AS balance ON balance.offer_line_id = line.offer_line_id AND balance.is_drill = line.is_drill
 CROSS JOIN LATERAL (
    SELECT coalesce(sum(supply_qty), 0) AS qty FROM allocations
     WHERE offer_line_id = line.offer_line_id AND is_drill = line.is_drill
       AND state = ANY ($4::text[]) AND state_since >= $3) AS given
 CROSS JOIN LATERAL (
    SELECT coalesce(sum(step.was - step.qty), 0) AS qty
      FROM (SELECT qty, reason, created_at, lag(qty, 1, line.stated_qty) OVER (ORDER BY version) AS was
              FROM offer_line_revisions
             WHERE offer_line_id = line.offer_line_id AND is_drill = line.is_drill) AS step
     WHERE step.reason = $5 AND step.created_at >= $3) AS gone
 WHERE offer.package_id = $1 AND offer.is_drill = $2
 GROUP BY line.item_code
