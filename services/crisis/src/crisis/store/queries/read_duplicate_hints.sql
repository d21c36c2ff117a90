-- What was hinted about a need, the likeliest first.
SELECT other.need_id, hint.similarity, other.asker_org_id, other.district, other.state, other.submitted_at,
       ARRAY (SELECT DISTINCT line.item_code FROM need_lines AS line
               WHERE line.need_id = other.need_id AND line.is_drill = other.is_drill AND line.dropped_at IS NULL
               ORDER BY line.item_code) AS item_codes,
       hint.choice, hint.chosen_at, other.visibility = 'restricted' AS is_restricted
  FROM duplicate_hints AS hint
  JOIN needs AS other ON other.need_id = hint.other_need_id AND other.is_drill = hint.is_drill
 WHERE hint.need_id = $1
 ORDER BY hint.similarity DESC, other.need_id
