"""Records that could not be applied stay in the consumer's own database until somebody replays or discards
them.

Replaying applies the original bytes through the current code. A parked key is replayed whole, in order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from imece_chassis.consuming import statements
from imece_chassis.consuming.declaration import Consumer, Received
from imece_chassis.consuming.records import (
    Entry,
    Malformed,
    classify,
    headers_from_json,
    headers_to_json,
    stored,
)
from imece_chassis.database import Database, Transaction

_COLUMNS = """
dead_letter_id, consumer, topic, partition, record_offset, log_epoch, event_id, event_type, reason, detail,
tries, condition, created_at, resolved_at
"""
_LIST = f"""
SELECT {_COLUMNS} FROM dead_letters
WHERE $1 OR condition IN ('waiting', 'blocking') ORDER BY dead_letter_id DESC LIMIT $2
"""  # noqa: S608 - our own column list
_SHOW = f"SELECT {_COLUMNS}, key, value, headers FROM dead_letters WHERE dead_letter_id = $1"  # noqa: S608 - our own column list
_LOCK = f"{_SHOW} FOR UPDATE"
_SETTLE = "UPDATE dead_letters SET condition = $2, resolved_at = now() WHERE dead_letter_id = $1"
_PARKED = """
SELECT parked_id, topic, key, partition, record_offset, event_id, value, headers FROM parked_events
WHERE consumer = $1 AND topic = $2 AND key = $3 ORDER BY parked_id
"""
_UNPARK = "DELETE FROM parked_events WHERE parked_id = ANY ($1::bigint[])"
_UNPARK_ONE = "DELETE FROM parked_events WHERE consumer = $1 AND event_id = $2 RETURNING key"
# The first event that waits behind a key is the one that holds it up from now on.
_PROMOTE = """
INSERT INTO dead_letters AS known (consumer, topic, partition, record_offset, log_epoch, event_id, event_type,
    reason, detail, tries, key, value, headers)
SELECT consumer, topic, partition, record_offset, $4, event_id, NULL, 'parked', '', 0,
       convert_to(key, 'UTF8'), value, headers
FROM parked_events WHERE consumer = $1 AND topic = $2 AND key = $3 ORDER BY parked_id LIMIT 1
ON CONFLICT (consumer, topic, partition, record_offset, log_epoch) DO UPDATE
SET condition = 'waiting', resolved_at = NULL
RETURNING consumer, dead_letter_id
"""


class NotReplayable(Exception):
    """The record is settled already, unknown, or still not an event this release can read."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One dead letter as an operator sees it."""

    dead_letter_id: int
    consumer: str
    condition: str
    reason: str
    detail: str
    tries: int
    place: str
    event_type: str | None
    event_id: str | None
    created_at: str

    def line(self) -> str:
        """One line for a list."""
        return "  ".join(
            (
                str(self.dead_letter_id), self.created_at, self.consumer, self.condition, self.place,
                self.event_type or "-", self.reason, self.detail,
            )
        )  # fmt: skip


async def store(
    tx: Transaction,
    consumer: str,
    entry: Entry,
    reason: str,
    detail: str,
    *,
    tries: int,
    epoch: int,
    is_blocking: bool,
) -> str:
    """Keep a record that cannot be applied; returns its condition (an operator may have discarded it
    before).
    """
    raw = entry.raw
    content = entry.content
    event = content.envelope if isinstance(content, Received) else None
    return await tx.fetchval(
        statements.DEAD_LETTER, consumer, raw.topic, raw.partition, raw.offset, epoch,
        event.id if event else None, event.type if event else None, reason, detail[:1000], tries,
        "blocking" if is_blocking else "waiting", raw.key, raw.value, headers_to_json(raw.headers),
    )  # fmt: skip


async def park(tx: Transaction, consumer: str, event: Received, entry: Entry) -> None:
    """Put an event behind the failed one of its key (or the failed one itself, first)."""
    raw = entry.raw
    await tx.execute(
        statements.PARK, consumer, raw.topic, event.envelope.key, raw.partition, raw.offset,
        event.envelope.id, raw.value, headers_to_json(raw.headers),
    )  # fmt: skip


async def listing(database: Database, *, include_settled: bool, limit: int) -> list[DeadLetter]:
    """The newest dead letters."""
    rows = await database.snapshot(lambda tx: tx.fetch(_LIST, include_settled, limit))
    return [_letter(row) for row in rows]


async def show(database: Database, dead_letter_id: int) -> dict[str, Any] | None:
    """Everything about one dead letter, the value as text where it is UTF-8, else as hexadecimal digits."""
    row = await database.snapshot(lambda tx: tx.fetchrow(_SHOW, dead_letter_id))
    if row is None:
        return None
    shown: dict[str, Any] = {
        name: str(value) if value is not None else None for name, value in row.items() if name not in _BYTES
    }
    shown |= {name: _text(row[name]) for name in ("key", "value")}
    shown["headers"] = {name: _text(value) for name, value in headers_from_json(row["headers"])}
    return shown


async def discard(database: Database, dead_letter_id: int, consumers: Sequence[Consumer] = ()) -> int:
    """Give a record up: it is never applied. What waited behind it is applied next, in order; the number.

    The first of those that waited becomes a dead letter itself, so that it can be treated like any other when
    `consumers` lack its consumer (then 0 is returned) or its handler refuses (then its error is raised).
    """

    async def work(tx: Transaction) -> Any:
        row = await _unsettled(tx, dead_letter_id)
        await tx.execute(_SETTLE, dead_letter_id, "discarded")
        if row["event_id"] is None:
            return None
        await tx.execute(statements.REDRIVE_LOCK, row["consumer"])
        parked_key: str | None = await tx.fetchval(_UNPARK_ONE, row["consumer"], row["event_id"])
        if parked_key is None:
            return None
        return await tx.fetchrow(_PROMOTE, row["consumer"], row["topic"], parked_key, row["log_epoch"])

    promoted = await database.unit_of_work(work)
    if promoted is None or not any(consumer.name == promoted["consumer"] for consumer in consumers):
        return 0
    return await replay(database, consumers, promoted["dead_letter_id"])


async def replay(database: Database, consumers: Sequence[Consumer], dead_letter_id: int) -> int:
    """Apply a dead letter, and all events parked behind it, in order and in one transaction; returns how
    many.

    Raises NotReplayable, or the handler's error (then nothing changed).
    """
    by_name = {consumer.name: consumer for consumer in consumers}

    async def work(tx: Transaction) -> int:
        row = await _unsettled(tx, dead_letter_id)
        consumer = by_name.get(row["consumer"])
        if consumer is None:
            raise NotReplayable(f"no consumer named {row['consumer']}")
        await tx.execute(statements.REDRIVE_LOCK, consumer.name)
        key: bytes | None = row["key"]
        parked = await tx.fetch(
            _PARKED, consumer.name, row["topic"], key.decode(errors="replace") if key else ""
        )
        if any(item["event_id"] == row["event_id"] for item in parked):
            events = [_event(stored(item, item["key"].encode())) for item in parked]
            await tx.execute(_UNPARK, [item["parked_id"] for item in parked])
        else:
            events = [_event(stored(row, key))]
            new = await tx.fetch(statements.INBOX, consumer.name, [event.envelope.id for event in events])
            # A letter of an event that does not block was written together with its id; any other known id
            # has been applied since.
            if not new and (row["condition"] == "blocking" or row["event_id"] is None):
                events = []
        if events:
            await consumer.handle(tx, events)
        await tx.execute(_SETTLE, dead_letter_id, "replayed")
        if consumer.after_commit is not None:
            tx.after_commit(consumer.after_commit)
        return len(events)

    return await database.unit_of_work(work)


_BYTES = frozenset({"key", "value", "headers"})


async def _unsettled(tx: Transaction, dead_letter_id: int) -> Any:
    row = await tx.fetchrow(_LOCK, dead_letter_id)
    if row is None:
        raise NotReplayable(f"no dead letter {dead_letter_id}")
    if row["condition"] not in ("waiting", "blocking"):
        raise NotReplayable(f"dead letter {dead_letter_id} is {row['condition']}")
    return row


def _event(record: Any) -> Received:
    content = classify(record).content
    if isinstance(content, Received):
        return content
    why = f"{content.reason}: {content.detail}" if isinstance(content, Malformed) else type(content).__name__
    raise NotReplayable(why)


def _letter(row: Any) -> DeadLetter:
    return DeadLetter(
        row["dead_letter_id"], row["consumer"], row["condition"], row["reason"], row["detail"], row["tries"],
        f"{row['topic']}/{row['partition']}@{row['record_offset']}", row["event_type"],
        str(row["event_id"]) if row["event_id"] else None, row["created_at"].isoformat(timespec="seconds"),
    )  # fmt: skip


def _text(raw: bytes | None) -> str | None:
    if raw is None:
        return None
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return f"hex:{raw.hex()}"
