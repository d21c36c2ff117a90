-- Claim due deliveries of one channel and write their attempt rows in the same statement.
-- Slots are dealt to the lanes with the fewest in flight first, act-now before act-today, oldest first; a lane at
-- its limit, paused or switched off is not looked at. The caller holds the channel's claim lock.
-- $1 channel, $2 free slots, $3 limit per lane, $4 failures in a row that leave a lane one probe, $5 lease in s
WITH RECURSIVE lanes AS (
    (SELECT d.lane FROM notify.deliveries d
      WHERE d.channel = $1 AND d.state = 'queued' ORDER BY d.lane LIMIT 1)
    UNION ALL
    SELECT (SELECT d.lane FROM notify.deliveries d
             WHERE d.channel = $1 AND d.state = 'queued' AND d.lane > l.lane ORDER BY d.lane LIMIT 1)
      FROM lanes l WHERE l.lane IS NOT NULL
), in_flight AS (
    SELECT d.lane, count(*) AS sending FROM notify.deliveries d
     WHERE d.channel = $1 AND d.state = 'sending' GROUP BY d.lane
), open_lanes AS (
    SELECT l.lane, coalesce(f.sending, 0) AS sending,
           CASE WHEN e.failures_in_row >= $4 THEN 1 ELSE $3 END AS places
      FROM lanes l
      LEFT JOIN in_flight f USING (lane)
      LEFT JOIN notify.endpoints e ON e.endpoint_id = l.lane
     WHERE l.lane IS NOT NULL AND e.disabled_at IS NULL AND (e.paused_until IS NULL OR e.paused_until <= now())
), heads AS (
    SELECT h.delivery_id, h.class_rank, h.due_at, o.places,
           o.sending + row_number() OVER (PARTITION BY o.lane ORDER BY h.class_rank, h.due_at) AS turn
      FROM open_lanes o
      CROSS JOIN (VALUES (0::smallint), (1::smallint)) AS c (class_rank)
      CROSS JOIN LATERAL (
            SELECT d.delivery_id, d.class_rank, d.due_at FROM notify.deliveries d
             WHERE d.channel = $1 AND d.state = 'queued' AND d.lane = o.lane AND d.class_rank = c.class_rank
               AND d.due_at <= now()
             ORDER BY d.due_at LIMIT greatest(o.places - o.sending, 0)) h
), chosen AS (
    SELECT d.delivery_id FROM notify.deliveries d
     WHERE d.delivery_id IN (SELECT h.delivery_id FROM heads h WHERE h.turn <= h.places
                              ORDER BY h.class_rank, h.turn, h.due_at LIMIT $2)
       AND d.state = 'queued'
       FOR UPDATE SKIP LOCKED
), claimed AS (
    UPDATE notify.deliveries d
       SET state = 'sending', due_at = NULL, lease_until = now() + make_interval(secs => $5),
           attempts = d.attempts + 1, first_attempt_at = coalesce(d.first_attempt_at, now())
      FROM chosen WHERE d.delivery_id = chosen.delivery_id
    RETURNING d.delivery_id, d.notice_id, d.organisation_id, d.contact_ref, d.attempts, d.attempts_before, d.redrives
), begun AS (
    INSERT INTO notify.attempts (delivery_id, number, begun_at)
    SELECT delivery_id, attempts, now() FROM claimed
)
SELECT c.delivery_id, c.organisation_id, c.contact_ref, c.attempts, c.attempts_before, c.redrives, n.event_id,
       n.recipient_id, n.kind, n.event_type, n.class, n.crisis_id, n.thread, n.params::text AS params, n.sequence,
       n.is_drill, n.occurred_at, k.crisis_no, k.title::text AS crisis_title, now() AS begun_at
  FROM claimed c JOIN notify.notices n USING (notice_id)
  LEFT JOIN notify.crises k ON k.crisis_id = n.crisis_id
