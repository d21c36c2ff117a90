"""What the hub reads: a whole board in one snapshot, then only the changes after a number.

Readers never touch the projector's locks, and every answer carries database time, the one clock of the board.
"""

import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

import asyncpg

from crisis.board import stops
from crisis.board.card import Card, card_from
from crisis.board.feed import CONSUMER
from crisis.board.ring import MAX_CHANGES, Entry
from crisis.board.stops import Stop
from crisis.board.store import CHANNEL
from crisis.board.tally import Tally
from imece_chassis.database import Database, DatabaseUnavailable, OutcomeUnknown, Transaction
from imece_chassis.freshness import fresh_at
from imece_contracts.topics import CRISIS_PROGRESS

T = TypeVar("T")

LOST = (
    DatabaseUnavailable,
    OutcomeUnknown,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    OSError,
    TimeoutError,
)

# Every crisis the board knows, newest first; the list is short.
_OVERVIEW = """
SELECT h.crisis_id, h.epoch, h.seq, t.counts, c.crisis_no, c.title, c.hazard, c.severity, c.level, c.area,
       c.is_drill, c.opened_at, c.state
FROM board.board_head h
JOIN board.board_total t ON t.crisis_id = h.crisis_id
LEFT JOIN board.board_crisis c ON c.crisis_id = h.crisis_id
ORDER BY c.opened_at DESC NULLS LAST
"""

_IS_WHOLE = "SELECT NOT EXISTS (SELECT FROM board.board_rebuild)"

_HEAD = "SELECT epoch, seq, floor, clock_timestamp() AS now FROM board.board_head WHERE crisis_id = $1"

_CARDS = "SELECT body FROM board.board_card WHERE crisis_id = $1"

_CHANGES = """
SELECT seq, at, card, what FROM board.board_change
WHERE crisis_id = $1 AND seq > $2 ORDER BY seq
"""


@dataclass(frozen=True, slots=True)
class Crisis:
    """A crisis as boards show it. Before its own event has arrived only the id is known."""

    crisis: UUID
    epoch: UUID
    seq: int
    counts: Tally
    number: str = ""
    title: Mapping[str, str] | None = None
    hazard: str = ""
    severity: str = ""
    level: str | None = None
    area: tuple[str, ...] = ()
    is_drill: bool = False
    opened_at: datetime | None = None
    state: str = ""
    stops: tuple[Stop, ...] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """All crises, how fresh they are (None: no mark counts yet, or a rebuild is on), and database time."""

    crises: tuple[Crisis, ...]
    fresh_at: datetime | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Loaded:
    """A whole board as of `seq`, with the changes that led there as far back as they are kept."""

    epoch: UUID
    seq: int
    floor: int
    cards: tuple[Card, ...]
    entries: tuple[Entry, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class Changes:
    """What came after a number: `entries` up to `seq`. A foreign epoch or a hole means: load again."""

    epoch: UUID
    seq: int
    entries: tuple[Entry, ...]
    now: datetime


class SourceLost(Exception):
    """The database cannot be read right now; what is in memory grows older and says so."""


class Source(Protocol):
    """Where a hub gets its boards from. Every method raises SourceLost."""

    async def overview(self) -> Overview: ...

    async def load(self, crisis: UUID) -> Loaded | None: ...

    async def changes(self, crisis: UUID, after: int) -> Changes | None: ...

    def listen(self, wake: Callable[[UUID], None]) -> Any:
        """Async context manager; while it is open `wake` is called with each changed crisis."""
        ...


class DatabaseSource:
    """The board schema. One session listens; everything else borrows a pool connection for one short read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def overview(self) -> Overview:
        """All crises and their heads."""

        async def read(tx: Transaction) -> Overview:
            rows = await tx.fetch(_OVERVIEW)
            is_whole = await tx.fetchval(_IS_WHOLE)
            fresh = await fresh_at(tx, CONSUMER, CRISIS_PROGRESS) if is_whole else None
            now = await tx.fetchval("SELECT clock_timestamp()")
            stopped = await stops.in_force(tx)
            known = (_crisis(row) for row in rows)
            return Overview(
                tuple(replace(each, stops=stopped.get(each.crisis, ())) for each in known), fresh, now
            )

        return await self._read(read)

    async def load(self, crisis: UUID) -> Loaded | None:
        """One board in one repeatable-read snapshot; None when there is no such crisis."""

        async def read(tx: Transaction) -> Loaded | None:
            head = await tx.fetchrow(_HEAD, crisis)
            if head is None:
                return None
            bodies = await tx.fetch(_CARDS, crisis)
            rows = await tx.fetch(_CHANGES, crisis, max(head["floor"], head["seq"] - MAX_CHANGES))
            cards = tuple(card_from(row["body"]) for row in bodies)
            return Loaded(head["epoch"], head["seq"], head["floor"], cards, _entries(rows), head["now"])

        return await self._read(read)

    async def changes(self, crisis: UUID, after: int) -> Changes | None:
        """Changes after a number; None when the crisis is gone."""

        async def read(tx: Transaction) -> Changes | None:
            head = await tx.fetchrow(_HEAD, crisis)
            if head is None:
                return None
            rows = await tx.fetch(_CHANGES, crisis, after) if head["seq"] > after else []
            return Changes(head["epoch"], head["seq"], _entries(rows), head["now"])

        return await self._read(read)

    @asynccontextmanager
    async def listen(self, wake: Callable[[UUID], None]) -> AsyncGenerator[Callable[[], bool]]:
        """LISTEN on a session of its own; yields a function that says whether the session still lives."""
        try:
            connection = await self._database.dedicated()
        except LOST as error:
            raise SourceLost from error

        def heard(_connection: object, _pid: int, _channel: str, payload: object) -> None:
            wake(UUID(str(payload)))

        try:
            await connection.add_listener(CHANNEL, heard)
            yield lambda: not connection.is_closed()
        except LOST as error:
            raise SourceLost from error
        finally:
            connection.terminate()

    async def _read(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        try:
            return await self._database.snapshot(work)
        except LOST as error:
            raise SourceLost from error


def _crisis(row: Mapping[str, Any]) -> Crisis:
    counts = Tally.of(json.loads(row["counts"]))
    if row["crisis_no"] is None:
        return Crisis(row["crisis_id"], row["epoch"], row["seq"], counts)
    return Crisis(
        row["crisis_id"],
        row["epoch"],
        row["seq"],
        counts,
        row["crisis_no"],
        json.loads(row["title"]),
        row["hazard"],
        row["severity"],
        row["level"],
        tuple(row["area"]),
        row["is_drill"],
        row["opened_at"],
        row["state"],
    )


def _entries(rows: Sequence[Mapping[str, Any]]) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            row["seq"],
            card_from(row["card"]),
            row["at"],
            row["card"].encode(),
            row["what"][1:-1].encode(),
        )
        for row in rows
    )
