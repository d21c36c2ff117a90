"""I4, I5: what lies in the topics against what lies in the outboxes."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence

import asyncpg

from tests.platform.log import KafkaRecord

SENT = """
    SELECT event_id::text, topic, key, payload FROM outbox WHERE published_at IS NOT NULL
    UNION ALL
    SELECT event_id::text, topic, key, payload FROM outbox_archive
"""
WAITING = "SELECT count(*) FROM outbox WHERE published_at IS NULL"

Fact = tuple[str, str, str]


async def topics_hold_the_outbox(records: Sequence[KafkaRecord], connection: asyncpg.Connection) -> list[str]:
    """I4 for one producer at rest: the same ids, each with the same topic, key and bytes; no other."""
    sent = {
        row["event_id"]: (row["topic"], row["key"], hashlib.sha256(row["payload"]).hexdigest())
        for row in await connection.fetch(SENT)
    }
    seen: dict[str, set[Fact]] = defaultdict(set)
    for record in records:
        identity = record.header("ce_id") or f"no id at {record.topic}/{record.partition}@{record.offset}"
        seen[identity].add((record.topic, _text(record.key), hashlib.sha256(record.value or b"").hexdigest()))
    found = [f"{event} was never committed: {facts}" for event, facts in seen.items() if event not in sent]
    found += [f"{event} is marked as sent and is in no topic" for event in sent.keys() - seen.keys()]
    found += [
        f"{event} was sent as {sorted(seen[event])}, committed as {sent[event]}"
        for event in sent.keys() & seen.keys()
        if seen[event] != {sent[event]}
    ]
    waiting = await connection.fetchval(WAITING)
    return found + ([f"{waiting} events are still unsent"] if waiting else [])


def first_appearances_are_in_order(records: Sequence[KafkaRecord]) -> list[str]:
    """I5: per topic and key, versions first appear as 1, 2, 3 …; repeats may come at any time."""
    highest: Counter[tuple[str, str]] = Counter()
    partitions: dict[tuple[str, str], set[int]] = defaultdict(set)
    found: list[str] = []
    for record in sorted(records, key=lambda each: (each.topic, each.partition, each.offset)):
        place = (record.topic, _text(record.key))
        partitions[place].add(record.partition)
        version = int(record.header("ce_sequence") or 0)
        if version <= highest[place]:
            continue
        if version != highest[place] + 1:
            found.append(f"{place}: version {version} after {highest[place]} at offset {record.offset}")
        highest[place] = version
    return found + [f"{place} is spread over {sorted(p)}" for place, p in partitions.items() if len(p) > 1]


def _text(key: bytes | None) -> str:
    return "" if key is None else key.decode()
