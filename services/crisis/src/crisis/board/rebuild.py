"""Build every board again from the log, beside live traffic, under a new epoch.

Events are idempotent by sequence, so replay and live projector meet without coordination: what arrives early
waits as parked and is settled when the replay reaches it. The result has the same hash. From the first to the
last step, and after a crash in between until the command is run again, no board claims to be fresh.
"""

from collections.abc import AsyncGenerator, AsyncIterable, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from crisis.board import feed
from imece_chassis.consumer import Lost, Received
from imece_chassis.database import Database, Transaction
from imece_contracts.topics import LINES

# Readers notice the new epoch and start again from a snapshot; the names of crises stay.
_EMPTY = (
    "INSERT INTO board.board_rebuild DEFAULT VALUES ON CONFLICT DO NOTHING",
    "SELECT crisis_id FROM board.board_head ORDER BY crisis_id FOR UPDATE",
    "TRUNCATE board.board_card, board.board_change, board.board_waiting",
    "UPDATE board.board_total SET counts = '{}'::jsonb",
    "UPDATE board.board_head SET epoch = gen_random_uuid(), seq = 0, floor = 0",
)
_DONE = "DELETE FROM board.board_rebuild"
_LOCK = "SELECT pg_try_advisory_lock(hashtextextended('board rebuild', 0))"


@asynccontextmanager
async def alone(database: Database) -> AsyncGenerator[bool]:
    """Whether no other rebuild runs; while the block lasts none can begin."""
    session = await database.dedicated()
    try:
        yield await session.fetchval(_LOCK)
    finally:
        await session.close()


async def rebuild(database: Database, history: AsyncIterable[Sequence[Received | Lost]]) -> int:
    """Empty the boards and apply `history` (batches from the beginning); returns how many events it had.

    A line whose newest record cannot be read is parked at the end, as it was when the record came.
    """

    async def empty(tx: Transaction) -> None:
        for statement in _EMPTY:
            await tx.execute(statement)

    await database.unit_of_work(empty)
    count = 0
    incomplete: set[UUID] = set()
    async for batch in history:
        events = [each for each in batch if isinstance(each, Received)]

        async def apply(tx: Transaction, events: Sequence[Received] = events) -> None:
            await feed.handle(tx, events)

        if events:
            await database.unit_of_work(apply)
        count += len(events)
        _note(incomplete, batch)

    async def finish(tx: Transaction) -> None:
        for line in sorted(incomplete):
            await feed.park(tx, line)
        await tx.execute(_DONE)

    await database.unit_of_work(finish)
    return count


def _note(incomplete: set[UUID], batch: Sequence[Received | Lost]) -> None:
    """Keep the lines whose newest record so far is unreadable."""
    for each in batch:
        if isinstance(each, Lost):
            line = feed.line_of(each.key) if each.topic == LINES.name else None
            if line is not None:
                incomplete.add(line)
        elif each.topic == LINES.name and (line := feed.line_of(each.envelope.key.encode())) is not None:
            incomplete.discard(line)
