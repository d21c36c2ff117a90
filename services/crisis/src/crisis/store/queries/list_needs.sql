-- Ids of needs of a crisis and when each last changed; what was never told is its organisation's own.
SELECT need.need_id, need.changed_at
  FROM needs AS need
 WHERE {where}
 ORDER BY {order}
 LIMIT {limit}
