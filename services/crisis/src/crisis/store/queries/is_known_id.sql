-- Is this the id of a crisis, a need, an offer or a line of one, or of a bundle?
SELECT EXISTS (SELECT FROM crises WHERE crisis_id = $1)
    OR EXISTS (SELECT FROM needs WHERE need_id = $1)
    OR EXISTS (SELECT FROM need_lines WHERE need_line_id = $1)
    OR EXISTS (SELECT FROM offers WHERE offer_id = $1)
    OR EXISTS (SELECT FROM offer_lines WHERE offer_line_id = $1)
    OR EXISTS (SELECT FROM bundles WHERE bundle_id = $1)
