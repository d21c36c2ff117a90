"""Waiting lists for tests on a database: a full line, who waits for it, its calls and their silence."""

from typing import Any
from uuid import UUID

from crisis.domain.states import Timer
from crisis.usecases.end_silence import end_silence
from crisis.usecases.promote_waiting import promote_waiting
from imece_chassis.access.caller import Caller
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.world import World, caller

ROWS = """
SELECT state, qty::int FROM allocations WHERE need_line_id = $1 AND pledger_org_id = $2
   AND state <> 'split' ORDER BY state, qty
"""


async def states(world: World, line: UUID, who: Caller) -> list[tuple[str, int]]:
    return [(row["state"], row["qty"]) for row in await world.rows(ROWS, line, who.organisation_id)]


async def promote(world: World, line: UUID) -> int:
    """Run the line's promotion if one is due; returns how many were called."""
    deadline = await world.value(
        "SELECT deadline_id FROM deadlines WHERE subject_id = $1 AND kind = $2 AND state = 'pending'",
        line,
        Timer.PROMOTE,
    )
    return 0 if deadline is None else await promote_waiting(world.database, deadline, line, world.tools)


async def silent(world: World, allocation: UUID, kind: Timer = Timer.ANSWER) -> bool:
    deadline = await world.value("SELECT deadline_id FROM allocations WHERE allocation_id = $1", allocation)
    return await world.database.unit_of_work(
        lambda tx: end_silence(tx, deadline, allocation, kind, world.tools)
    )


async def the_call(world: World, line: UUID) -> UUID:
    """The one promoted call of the line that waits for its answer."""
    return await world.value(
        "SELECT allocation_id FROM allocations WHERE need_line_id = $1 AND state = 'proposed'"
        " AND promoted_at IS NOT NULL",
        line,
    )


async def full_line(world: World, requested: str = "300", held: str | None = None) -> tuple[UUID, UUID, UUID]:
    """A line without room: crisis, line, and the row that fills it."""
    crisis, line = await open_line(world, requested)
    row = UUID(body(await world.pledge(crisis, line, held or requested))["allocation_id"])
    await world.accept(row)
    return crisis, line, row


async def waits(world: World, crisis: UUID, line: UUID, quantity: str, **terms: Any) -> Caller:
    """A new organisation whose pledge waits."""
    who = caller("pledger")
    assert body(await world.pledge(crisis, line, quantity, who, **terms))["state"] == "waitlisted"
    return who
