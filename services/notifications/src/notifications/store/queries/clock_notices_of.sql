-- The clock notices behind these notices, with every contact of each; contacts that ended last come last.
-- What waits in a lane that is paused for its failures has failed with it, and is tried when the pause is over.
SELECT t.clock_notice_id, t.deadline_ref, t.event_id, t.organisation_id, t.kind, t.crisis_id, t.subject, t.milestone,
       t.is_drill, t.reach, d.channel, d.state, d.exhausted_by,
       d.last_code IS NOT NULL OR held_up.until IS NOT NULL AS has_failed,
       greatest(d.due_at, held_up.until) AS due_at,
       EXISTS (SELECT FROM notify.clock_notices later
                WHERE later.deadline_ref = t.deadline_ref AND later.organisation_id = t.organisation_id
                  AND later.reach = 'delivered' AND later.occurred_at > t.occurred_at) AS is_superseded
  FROM notify.clock_notices t
  JOIN notify.notices n USING (clock_notice_id)
  JOIN notify.deliveries d USING (notice_id)
  LEFT JOIN LATERAL (SELECT e.paused_until AS until FROM notify.endpoints e
                      WHERE d.state = 'queued' AND d.channel = 'webhook' AND e.endpoint_id = d.lane
                        AND e.failures_in_row > 0 AND e.paused_until > now()) held_up ON true
 WHERE t.clock_notice_id IN (SELECT asked.clock_notice_id FROM notify.notices asked
                              WHERE asked.notice_id = ANY ($1::uuid[]))
 ORDER BY t.clock_notice_id, d.ended_at NULLS FIRST, d.delivery_id
