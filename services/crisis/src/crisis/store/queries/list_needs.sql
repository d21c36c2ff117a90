-- Ids of the needs of a crisis, newest first, before a position; what was never told is its organisation's own.
SELECT need_id
  FROM needs
 WHERE {where}
 ORDER BY need_id DESC
 LIMIT {limit}
