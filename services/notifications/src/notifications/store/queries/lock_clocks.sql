-- The clocks that these notices speak of, locked in order; nothing else is published about them meanwhile.
SELECT c.deadline_ref, c.version, clock_timestamp() AS at
  FROM notify.clocks c
 WHERE c.deadline_ref IN (SELECT t.deadline_ref
                            FROM notify.notices n JOIN notify.clock_notices t USING (clock_notice_id)
                           WHERE n.notice_id = ANY ($1::uuid[]))
 ORDER BY c.deadline_ref
   FOR NO KEY UPDATE
