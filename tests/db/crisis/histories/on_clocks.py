"""Time: deadlines come due, in their order or all at once, and are fired by more than one worker."""

import asyncio
from typing import Any
from uuid import UUID

from crisis.consumers.timers import batches, effects
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline
from tests.db.crisis.histories.choices import Choices, NothingToDo
from tests.db.crisis.histories.ground import EVERYBODY, Ground
from tests.db.crisis.histories.registry import command

NEXT = 4


async def pending(ground: Ground) -> list[Any]:
    return await ground.rows(
        "SELECT deadline_id, subject_type, subject_id, kind, due_at FROM deadlines WHERE state = 'pending'"
        " ORDER BY due_at, deadline_id LIMIT $1",
        NEXT,
    )


async def holder(tx: Transaction, key_id: UUID) -> Caller | None:
    """Whose key it is; colleagues' keys are unknown."""
    return next((who for who in EVERYBODY if who.key_id == key_id), None)


async def fire(ground: Ground, row: Any) -> None:
    """The clock moves to the deadline and its effect runs. A kind without effect is noted: it never ends."""
    known = effects(ground.database, ground.tools, holder=holder)
    if row["kind"] not in known:
        ground.unruled.add(row["kind"])
        raise NothingToDo
    if ground.clock.now() < row["due_at"]:
        ground.clock.instant = row["due_at"]
    await known[row["kind"]](Deadline(*row.values()))


@command("end_silence", "promote_allocation", weight=8)
async def come_due(ground: Ground, choose: Choices):
    """One of the next deadlines; the effect of the others may be later than due, never earlier."""
    await fire(ground, choose.one(await pending(ground)))


@command(weight=2)
async def come_due_twice(ground: Ground, choose: Choices):
    """Two workers with a lease on the same row."""
    row = choose.one(await pending(ground))
    await asyncio.gather(fire(ground, row), fire(ground, row))


@command("end_silence", weight=2)
async def come_due_together(ground: Ground, choose: Choices):
    """Several of a kind that comes in thousands, as a worker takes them."""
    many = batches(ground.database, ground.tools)
    rows = [row for row in await pending(ground) if row["kind"] in many]
    kind = choose.one(rows)["kind"]
    due = [Deadline(*row.values()) for row in rows if row["kind"] == kind]
    ground.clock.instant = max(ground.clock.now(), *(each.due_at for each in due))
    await many[kind](due)
