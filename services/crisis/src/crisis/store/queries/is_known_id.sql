-- Is this the id of a crisis, a need, an offer, a package or a line of one, of a promise, a bundle, an order, a
-- template or a recurring need?
SELECT EXISTS (SELECT FROM crises WHERE crisis_id = $1)
    OR EXISTS (SELECT FROM needs WHERE need_id = $1)
    OR EXISTS (SELECT FROM need_lines WHERE need_line_id = $1)
    OR EXISTS (SELECT FROM offers WHERE offer_id = $1)
    OR EXISTS (SELECT FROM offer_lines WHERE offer_line_id = $1)
    OR EXISTS (SELECT FROM allocations WHERE allocation_id = $1)
    OR EXISTS (SELECT FROM bundles WHERE bundle_id = $1)
    OR EXISTS (SELECT FROM packages WHERE package_id = $1)
    OR EXISTS (SELECT FROM package_lines WHERE package_line_id = $1)
    OR EXISTS (SELECT FROM saturation_orders WHERE order_id = $1)
    OR EXISTS (SELECT FROM need_templates WHERE template_id = $1)
    OR EXISTS (SELECT FROM recurring_needs WHERE recurring_id = $1)
