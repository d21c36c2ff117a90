"""Build every board again from the log, beside live traffic, under a new epoch.

Events are idempotent by sequence, so replay and live projector meet without coordination: what arrives early
waits as parked and is settled when the replay reaches it. The result has the same hash.
"""

from collections.abc import AsyncIterable, Sequence

from crisis.board import feed
from imece_chassis.consumer import Received
from imece_chassis.database import Database, Transaction

# Readers notice the new epoch and start again from a snapshot; the names of crises stay.
_EMPTY = (
    "SELECT crisis_id FROM board.board_head ORDER BY crisis_id FOR UPDATE",
    "TRUNCATE board.board_card, board.board_change, board.board_waiting",
    "UPDATE board.board_total SET counts = '{}'::jsonb",
    "UPDATE board.board_head SET epoch = gen_random_uuid(), seq = 0, floor = 0",
)


async def rebuild(database: Database, history: AsyncIterable[Sequence[Received]]) -> int:
    """Empty the boards and apply `history` (batches from the beginning); returns how many events it had."""

    async def empty(tx: Transaction) -> None:
        for statement in _EMPTY:
            await tx.execute(statement)

    await database.unit_of_work(empty)
    count = 0
    async for batch in history:

        async def apply(tx: Transaction, batch: Sequence[Received] = batch) -> None:
            await feed.handle(tx, batch)

        await database.unit_of_work(apply)
        count += len(batch)
    return count
