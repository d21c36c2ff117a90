"""The age of a view is measured through the whole pipeline: relay, broker, consumer, each lane of them.

A mark says "everything committed before W lies below these offsets"; it counts once all of them are applied.
The view is as fresh as its slowest lane; a stopped relay, broker or consumer all show as growing age. When
the number of lanes changes, the last complete set of marks vouches until the new one is complete.
"""

from datetime import datetime

from imece_chassis.database import Transaction
from imece_contracts.topics import Topic

_COUNTING = """
SELECT m.lane, m.lanes, max(m.drained_at) AS drained_at
FROM progress_marks m
WHERE m.consumer = $1 AND m.progress_topic = $2
  AND NOT EXISTS (
    SELECT FROM jsonb_each(m.end_offsets) AS topic (name, partitions)
    JOIN consumer_topics reads ON reads.consumer = m.consumer AND reads.topic = topic.name
    CROSS JOIN LATERAL jsonb_each_text(topic.partitions) AS mark (partition, end_offset)
    LEFT JOIN consumer_positions p ON p.consumer = m.consumer AND p.topic = topic.name
         AND p.partition = mark.partition::integer AND p.log_epoch = m.log_epoch
    WHERE mark.end_offset::bigint > coalesce(p.next_offset, 0))
GROUP BY m.lane, m.lanes
"""
# Marks older than the newest counting one of their lane, or than a complete set of another number of lanes,
# say nothing more.
_FORGET = f"""
WITH counting AS MATERIALIZED ({_COUNTING}),
complete AS (
    SELECT lanes, min(drained_at) AS drained_at FROM counting GROUP BY lanes HAVING count(*) = lanes
)
DELETE FROM progress_marks old
WHERE old.consumer = $1 AND old.progress_topic = $2 AND (
    EXISTS (SELECT FROM counting newest
            WHERE newest.lane = old.lane AND newest.lanes = old.lanes AND newest.drained_at > old.drained_at)
    OR EXISTS (SELECT FROM complete
               WHERE complete.lanes <> old.lanes AND complete.drained_at > old.drained_at))
"""  # noqa: S608 - our own statement
_STORE = """
INSERT INTO progress_marks (consumer, progress_topic, lane, lanes, drained_at, log_epoch, end_offsets)
VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb) ON CONFLICT DO NOTHING
"""
# Every complete set tells the truth; the freshest one is the one to believe.
_FRESH = f"""
SELECT max(complete.drained_at) FROM (
    SELECT min(drained_at) AS drained_at FROM ({_COUNTING}) AS counting GROUP BY lanes HAVING count(*) = lanes
) AS complete
"""  # noqa: S608 - our own statement


async def fresh_at(tx: Transaction, consumer: str, progress_topic: Topic) -> datetime | None:
    """Everything the owner committed before this database time is applied by `consumer`.

    None before all lanes there are, or ever were at one time, have a counting mark.
    """
    return await tx.fetchval(_FRESH, consumer, progress_topic.name)


async def store_mark(
    tx: Transaction,
    consumer: str,
    progress_topic: str,
    *,
    lane: int,
    lanes: int,
    drained_at: datetime,
    log_epoch: int,
    end_offsets_json: str,
) -> None:
    """Keep a mark until a newer one of its lane counts."""
    await tx.execute(_STORE, consumer, progress_topic, lane, lanes, drained_at, log_epoch, end_offsets_json)
    await tx.execute(_FORGET, consumer, progress_topic)
