"""Whoever waits unheard is found by the check of histories that is about it, and nobody else is."""

from uuid import UUID

from tests.db.crisis.histories.liveness import LIVENESS
from tests.db.crisis.promoting import full_line, waits
from tests.db.crisis.terms import run
from tests.db.crisis.world import World

STOPPED = "UPDATE deadlines SET state = 'cancelled', settled_at = now() WHERE state = 'pending'"


async def unheard(world: World) -> dict[str, list[UUID]]:
    """Name of the check → who waits."""
    now = world.clock.now()
    found = {name: await world.rows(statement, now) for name, statement in LIVENESS.items()}
    return {name: [UUID(row["subject"]) for row in rows] for name, rows in found.items() if rows}


async def test_who_waits_beside_room_without_promotion_is_found(world: World):
    crisis_id, line, filling = await full_line(world)
    who = await waits(world, crisis_id, line, "40")
    assert await unheard(world) == {}, "there is no room"
    await world.withdraw(filling)
    assert await unheard(world) == {}, "a promotion is pending"
    await run(world, lambda tx: tx.execute(STOPPED + " AND kind = 'need_line.promote'"))
    row = await world.value(
        "SELECT allocation_id FROM allocations WHERE pledger_org_id = $1", who.organisation_id
    )
    assert await unheard(world) == {"nobody_waits_beside_room": [row]}
