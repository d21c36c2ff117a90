-- One notice per (recipient, event), tied to what it tells of a clock; a repeat changes nothing.
INSERT INTO notify.notices (notice_id, recipient_id, organisation_id, event_id, kind, event_type, class, crisis_id,
                            subject, thread, params, sequence, is_drill, occurred_at, clock_notice_id)
SELECT w.notice_id, w.recipient_id, w.organisation_id, e.event_id, e.kind, e.event_type, e.class, e.crisis_id,
       e.subject, e.thread, e.params::jsonb, e.sequence, e.is_drill, e.occurred_at,
       t.clock_notice_id
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[])
         AS w (notice_id, recipient_id, organisation_id, event_id)
  JOIN unnest($5::uuid[], $6::text[], $7::text[], $8::text[], $9::uuid[], $10::text[], $11::uuid[], $12::text[],
              $13::bigint[], $14::boolean[], $15::timestamptz[])
         AS e (event_id, kind, event_type, class, crisis_id, subject, thread, params, sequence, is_drill, occurred_at)
       USING (event_id)
  LEFT JOIN notify.clock_notices t ON t.event_id = w.event_id AND t.organisation_id = w.organisation_id
ON CONFLICT (recipient_id, event_id) DO NOTHING
RETURNING notice_id, class, clock_notice_id IS NOT NULL AS is_of_clock
