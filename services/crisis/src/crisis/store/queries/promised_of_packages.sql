-- How much of each item of packages ($1) stands elsewhere, among live or drill offers ($2): an offer that goes on holds
-- all of its stock, one that ended what is still promised; and what was given or is gone ($3, $4) since somebody
-- looked at the package is not there either.
SELECT offer.package_id, line.item_code,
       sum(CASE offer.state WHEN 'closed' THEN balance.reserved + balance.committed ELSE balance.qty - balance.consumed END
           + given.qty + gone.qty) AS promised
  FROM offers AS offer
  JOIN packages AS package ON package.package_id = offer.package_id
  JOIN offer_lines AS line ON line.offer_id = offer.offer_id AND line.is_drill = offer.is_drill
  JOIN offer_line_balances AS balance ON balance.offer_line_id = line.offer_line_id AND balance.is_drill = line.is_drill
 CROSS JOIN LATERAL (
    SELECT coalesce(sum(supply_qty), 0) AS qty FROM allocations
     WHERE offer_line_id = line.offer_line_id AND is_drill = line.is_drill
       AND state = ANY ($3::text[]) AND state_since >= package.verified_at) AS given
 CROSS JOIN LATERAL (
    SELECT coalesce(sum(step.was - step.qty), 0) AS qty
      FROM (SELECT qty, reason, created_at, lag(qty, 1, line.stated_qty) OVER (ORDER BY version) AS was
              FROM offer_line_revisions
             WHERE offer_line_id = line.offer_line_id AND is_drill = line.is_drill) AS step
     WHERE step.reason = $4 AND step.created_at >= package.verified_at) AS gone
 WHERE offer.package_id = ANY ($1::uuid[]) AND offer.is_drill = $2
 GROUP BY offer.package_id, line.item_code
