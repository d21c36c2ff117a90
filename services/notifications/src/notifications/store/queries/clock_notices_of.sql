-- The clock notices behind these notices, with every contact of each; contacts that ended last come last.
SELECT t.clock_notice_id, t.deadline_ref, t.event_id, t.organisation_id, t.kind, t.crisis_id, t.subject, t.milestone,
       t.is_drill, t.reach, d.channel, d.state, d.last_code, d.due_at, d.exhausted_by,
       EXISTS (SELECT FROM notify.clock_notices later
                WHERE later.deadline_ref = t.deadline_ref AND later.organisation_id = t.organisation_id
                  AND later.reach = 'delivered' AND later.occurred_at > t.occurred_at) AS is_superseded
  FROM notify.clock_notices t
  JOIN notify.notices n USING (clock_notice_id)
  JOIN notify.deliveries d USING (notice_id)
 WHERE t.clock_notice_id IN (SELECT asked.clock_notice_id FROM notify.notices asked
                              WHERE asked.notice_id = ANY ($1::uuid[]))
 ORDER BY t.clock_notice_id, d.ended_at NULLS FIRST, d.delivery_id
