-- One delivery per (notice, channel, contact), attached to the notice that exists. The inbox is reached by this
-- very commit: its delivery is complete and its one attempt is recorded with it.
WITH wanted AS (
    SELECT w.delivery_id, n.notice_id, n.organisation_id, w.channel, w.contact_ref, w.lane, w.class_rank
      FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::smallint[])
             AS w (delivery_id, recipient_id, event_id, channel, contact_ref, lane, class_rank)
      JOIN notify.notices n ON n.recipient_id = w.recipient_id AND n.event_id = w.event_id
), written AS (
    INSERT INTO notify.deliveries (delivery_id, notice_id, organisation_id, channel, contact_ref, lane, class_rank,
                                   state, attempts, due_at, first_attempt_at, ended_at)
    SELECT delivery_id, notice_id, organisation_id, channel, contact_ref, lane, class_rank,
           CASE channel WHEN 'inbox' THEN 'delivered' ELSE 'queued' END,
           CASE channel WHEN 'inbox' THEN 1 ELSE 0 END,
           CASE channel WHEN 'inbox' THEN NULL ELSE now() END,
           CASE channel WHEN 'inbox' THEN now() END,
           CASE channel WHEN 'inbox' THEN now() END
      FROM wanted
    ON CONFLICT (notice_id, channel, contact_ref) DO NOTHING
    RETURNING delivery_id, channel
), tried AS (
    INSERT INTO notify.attempts (delivery_id, number, begun_at)
    SELECT delivery_id, 1, now() FROM written WHERE channel = 'inbox'
), accepted AS (
    INSERT INTO notify.attempt_outcomes (delivery_id, number, outcome, code, latency_ms, recorded_at)
    SELECT delivery_id, 1, 'accepted', 'committed', 0, now() FROM written WHERE channel = 'inbox'
)
SELECT channel, count(*) AS written FROM written GROUP BY channel
