-- Ids of the needs of a crisis, newest first, before a position; what was never told is its organisation's own.
SELECT need_id
  FROM needs
 WHERE crisis_id = $1
   AND need_id < $2
   AND (told > 0 OR asker_org_id = $4)
   -- and what is asked for
 ORDER BY need_id DESC
 LIMIT $3
