-- Is this the id of a crisis, a need, an offer or a line of one?
SELECT EXISTS (SELECT FROM crises WHERE crisis_id = $1)
    OR EXISTS (SELECT FROM needs WHERE need_id = $1)
    OR EXISTS (SELECT FROM need_lines WHERE need_line_id = $1)
    OR EXISTS (SELECT FROM offers WHERE offer_id = $1)
    OR EXISTS (SELECT FROM offer_lines WHERE offer_line_id = $1)
