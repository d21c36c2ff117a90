-- Ids of the needs of a crisis, newest first, after a position, filtered by state and asker if given; what was
-- never told is its organisation's own.
SELECT need_id
  FROM needs
 WHERE crisis_id = $1
   AND ($2::text IS NULL OR state = $2)
   AND ($3::uuid IS NULL OR asker_org_id = $3)
   AND ($4::uuid IS NULL OR need_id < $4)
   AND (told > 0 OR asker_org_id = $6)
 ORDER BY need_id DESC
 LIMIT $5
