-- Ids of need lines in the order of their change, or of their need's if that is later, chosen by the filters of the
-- request. Each of the two times has an index that begins at the cursor; a line is found by the later one only.
SELECT need_line_id, need_version, changed_at
  FROM (
    (SELECT line.need_line_id, need.version AS need_version, balance.changed_at
       FROM need_line_balances AS balance
       JOIN need_lines AS line
         ON line.need_line_id = balance.need_line_id AND line.is_drill = balance.is_drill
       JOIN needs AS need
         ON need.need_id = line.need_id AND need.is_drill = line.is_drill AND need.crisis_id = line.crisis_id
      WHERE balance.changed_minute >= date_bin('1 minute', {since}, '2000-01-01 00:00:00+00')
        AND (balance.changed_at, balance.need_line_id) > ({since}, {last})
        AND balance.changed_at >= need.changed_at
        AND line.dropped_at IS NULL
        AND {where}
      ORDER BY balance.changed_minute, balance.changed_at, balance.need_line_id
      LIMIT {limit})
     UNION ALL
    (SELECT line.need_line_id, need.version, need.changed_at
       FROM needs AS need
       JOIN need_lines AS line
         ON line.need_id = need.need_id AND line.is_drill = need.is_drill AND line.crisis_id = need.crisis_id
       JOIN need_line_balances AS balance
         ON balance.need_line_id = line.need_line_id AND balance.is_drill = line.is_drill
      WHERE need.changed_at >= {since}
        AND (need.changed_at, line.need_line_id) > ({since}, {last})
        AND need.changed_at > balance.changed_at
        AND line.dropped_at IS NULL
        AND {where}
      ORDER BY need.changed_at, line.need_line_id
      LIMIT {limit})) AS changed
 ORDER BY changed_at, need_line_id
 LIMIT {limit}
