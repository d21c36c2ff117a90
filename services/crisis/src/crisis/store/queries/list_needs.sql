-- Ids of the needs of a crisis, newest first, before a position.
SELECT need_id
  FROM needs
 WHERE crisis_id = $1
   AND need_id < $2
   -- and what is asked for
 ORDER BY need_id DESC
 LIMIT $3
