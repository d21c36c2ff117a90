"""Whoever waits unheard is found by the check of histories that is about it, and nobody else is."""

from uuid import UUID

from crisis.usecases.follow_standing import FOLLOW
from tests.db.crisis.histories.liveness import LIVENESS
from tests.db.crisis.promoting import full_line, waits
from tests.db.crisis.terms import run
from tests.db.crisis.test_holding import held_row
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


async def test_a_hold_in_doubt_nobody_decides_about_is_found(world: World):
    _, _, row = await held_row(world)
    org = world.pledger.organisation_id
    await run(
        world, lambda tx: tx.execute("INSERT INTO organisation_standings VALUES ($1, 1, 'suspended')", org)
    )
    news = (
        "INSERT INTO deadlines (deadline_id, subject_type, subject_id, kind, due_at)"
        " VALUES (gen_random_uuid(), 'organisation', $1, $2, $3)"
    )
    await run(world, lambda tx: tx.execute(news, org, FOLLOW, world.clock.now()))
    assert await unheard(world) == {}, "the standing is still to be followed"
    await run(world, lambda tx: tx.execute(STOPPED + " AND kind = $1", FOLLOW))
    assert await unheard(world) == {"doubtful_holds_are_decided": [row]}


async def test_a_need_nobody_is_asked_to_verify_is_found(world: World):
    need = await world.submit((await world.open_crisis()).crisis_id)
    ended = "UPDATE tasks SET state = 'done', outcome = 'done', done_at = now(), deadline_id = NULL"
    await run(world, lambda tx: tx.execute(ended))
    assert await unheard(world) == {}, "its clock asks again"
    await run(world, lambda tx: tx.execute(STOPPED))
    assert await unheard(world) == {"duties_are_asked_for": [need.need_id]}
