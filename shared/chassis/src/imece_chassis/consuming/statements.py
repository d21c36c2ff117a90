"""The consumers' SQL."""

# Which of these events are new? One row per new id. The shared lock keeps a redrive of parked events out.
INBOX = """
INSERT INTO inbox (consumer, event_id)
SELECT $1, event.id
FROM (SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 7))) AS redrive_lock,
     unnest($2::uuid[]) AS event (id)
ON CONFLICT DO NOTHING
RETURNING event_id
"""
REDRIVE_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 7))"

PARKED_KEYS = "SELECT DISTINCT topic, key FROM parked_events WHERE consumer = $1"

PARK = """
INSERT INTO parked_events (consumer, topic, key, partition, record_offset, event_id, value, headers)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING
"""

# A position never goes back: a late former owner of the partition may still commit. Its epoch changes only in
# REWIND.
POSITIONS = """
INSERT INTO consumer_positions AS known (consumer, topic, partition, next_offset, log_epoch)
SELECT $1, topic, partition, next_offset, epoch
FROM unnest($2::text[], $3::int[], $4::bigint[], $5::int[]) AS reached (topic, partition, next_offset, epoch)
ON CONFLICT (consumer, topic, partition) DO UPDATE
SET next_offset = greatest(known.next_offset, excluded.next_offset), updated_at = now()
"""
REWIND = """
UPDATE consumer_positions SET next_offset = $4, log_epoch = $5, updated_at = now()
WHERE consumer = $1 AND topic = $2 AND partition = $3 AND log_epoch < $5
"""

DEAD_LETTER = """
INSERT INTO dead_letters AS known (consumer, topic, partition, record_offset, log_epoch, event_id, event_type,
    reason, detail, tries, condition, key, value, headers)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (consumer, topic, partition, record_offset, log_epoch) DO UPDATE
SET tries = known.tries + excluded.tries, reason = excluded.reason, detail = excluded.detail
RETURNING condition
"""

# What blocked has been applied after all (by a newer release): nobody has to settle it by hand.
SETTLE_PASSED = """
UPDATE dead_letters SET condition = 'replayed', resolved_at = now()
WHERE consumer = $1 AND topic = $2 AND partition = $3 AND record_offset < $4 AND condition = 'blocking'
"""

TOPICS = """
INSERT INTO consumer_topics (consumer, topic) SELECT $1, topic FROM unnest($2::text[]) AS topic
ON CONFLICT DO NOTHING
"""
FORGET_TOPICS = "DELETE FROM consumer_topics WHERE consumer = $1 AND topic <> ALL ($2::text[])"

# The newest epoch of each owner's log this consumer has heard of, and what its positions were reached in.
EPOCHS = """
SELECT progress_topic, max(log_epoch) AS epoch FROM progress_marks WHERE consumer = $1 GROUP BY progress_topic
"""
POSITION_EPOCHS = "SELECT topic, partition, log_epoch FROM consumer_positions WHERE consumer = $1"

GAUGES = """
SELECT (SELECT count(*) FROM dead_letters WHERE consumer = $1 AND condition IN ('waiting', 'blocking')) AS
dead, (SELECT count(DISTINCT (topic, key)) FROM parked_events WHERE consumer = $1) AS parked
"""
