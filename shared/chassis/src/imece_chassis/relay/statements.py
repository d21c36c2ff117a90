"""The relay's SQL."""

LOCK_CLASS = 110286  # separates these locks from all other advisory locks of the database

# A mark lost in a crash is a duplicate, nothing worse. The plan must be the ordered index scan whatever the
# statistics say: planned for its values, the read was measured 20 times slower on a table just filled.
PREPARE = "SET synchronous_commit = off; SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off"

LOCK = "SELECT bool_and(pg_try_advisory_lock(110286, slot)) FROM unnest($1::int[]) AS slot"

# Asked right before a read: whatever was committed by then is visible to the read's snapshot.
CLOCK = "SELECT clock_timestamp()"

# The first unpublished rows of each slot, without those already in hand and without closed topics.
# NOT IN over a subquery is hashed in every plan; <> ALL over a parameter is a linear search in generic ones.
READ = """
SELECT o.slot, o.position, o.topic, convert_to(o.key, 'UTF8') AS key, o.headers, o.payload
FROM unnest($1::smallint[]) AS lane (slot)
CROSS JOIN LATERAL (
    SELECT slot, position, topic, key, headers, payload
    FROM outbox
    WHERE outbox.slot = lane.slot AND published_at IS NULL AND position NOT IN (SELECT unnest($2::bigint[]))
      AND topic <> ALL ($4::text[])
    ORDER BY position LIMIT $3
) AS o
"""

MARK = "UPDATE outbox SET published_at = clock_timestamp() WHERE position = ANY ($1::bigint[])"

# Recorded for the operator and marked, so that it stops nobody.
REFUSE = """
WITH refused AS (
    INSERT INTO outbox_refused (position, event_id, topic, key, reason)
    SELECT position, event_id, topic, key, $2 FROM outbox WHERE position = $1
    ON CONFLICT DO NOTHING
)
UPDATE outbox SET published_at = clock_timestamp() WHERE position = $1
"""

# The backlog of these slots, counted up to a limit, the age of its oldest row, and the epoch of the log.
STATE = """
SELECT
    (SELECT count(*) FROM (
        SELECT FROM outbox WHERE slot = ANY ($1::smallint[]) AND published_at IS NULL LIMIT 100000) AS
        waiting) AS backlog, (SELECT coalesce(extract(epoch FROM now() - min(oldest.created_at)), 0)::float8
     FROM unnest($1::smallint[]) AS lane (slot)
     CROSS JOIN LATERAL (
        SELECT created_at FROM outbox
        WHERE outbox.slot = lane.slot AND published_at IS NULL ORDER BY position LIMIT 1) AS oldest) AS
        oldest_seconds, (SELECT epoch FROM log_epoch) AS epoch
"""
