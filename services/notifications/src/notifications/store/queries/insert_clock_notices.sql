-- One clock per deadline and one clock notice per (event, organisation); a repeat changes nothing.
WITH told AS (
    SELECT t.clock_notice_id, t.deadline_ref, t.event_id, t.organisation_id, t.kind, t.crisis_id, t.subject, t.milestone,
           t.is_drill, t.occurred_at
      FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::text[],
                  $8::smallint[], $9::boolean[], $10::timestamptz[])
             AS t (clock_notice_id, deadline_ref, event_id, organisation_id, kind, crisis_id, subject, milestone,
                   is_drill, occurred_at)
), clocks AS (
    INSERT INTO notify.clocks (deadline_ref) SELECT DISTINCT deadline_ref FROM told ON CONFLICT DO NOTHING
)
INSERT INTO notify.clock_notices (clock_notice_id, deadline_ref, event_id, organisation_id, kind, crisis_id, subject,
                                  milestone, is_drill, occurred_at)
SELECT clock_notice_id, deadline_ref, event_id, organisation_id, kind, crisis_id, subject, milestone, is_drill,
       occurred_at
  FROM told
ON CONFLICT (event_id, organisation_id) DO NOTHING
