"""Whoever follows allocations sees every change: of rows, whoever wrote it, and of the time they come due."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from crisis.usecases.follow_notice import FollowNotice, Outcome, follow_notice
from crisis.usecases.stand_down import Reactivate, StandDown, reactivate, stand_down
from tests.db.crisis.at_the_desk import a_desk
from tests.db.crisis.terms import run
from tests.db.crisis.test_line_terms import hold, revise
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.world import World

Changes = dict[UUID, tuple[datetime, datetime]]


async def changes(world: World) -> Changes:
    """When each row that waits changed, and when it comes due."""
    rows = await world.rows(
        "SELECT allocation_id, changed_at, due_at FROM allocations JOIN deadlines USING (deadline_id)"
    )
    return {row["allocation_id"]: (row["changed_at"], row["due_at"]) for row in rows}


async def must_show(world: World, before: Changes, *moved: UUID) -> Changes:
    """These rows, and no others, come due at another time and are shown as changed."""
    after = await changes(world)
    assert {row for row in after if after[row][1] != before[row][1]} == set(moved)
    assert {row for row in after if after[row][0] != before[row][0]} == set(moved)
    return after


async def pledged(world: World, crisis_id: UUID, line: UUID, quantity: str, **changed: Any) -> UUID:
    return UUID(body(await world.pledge(crisis_id, line, quantity, **changed))["allocation_id"])


async def test_an_update_that_does_not_know_of_changes_is_one(world: World):
    crisis_id, line = await open_line(world)
    row = await pledged(world, crisis_id, line, "10")
    before = await changes(world)
    await run(
        world,
        lambda tx: tx.execute("UPDATE allocations SET version = version + 1 WHERE allocation_id = $1", row),
    )
    assert (await changes(world))[row][0] > before[row][0]


async def test_rows_whose_clock_follows_the_date_of_their_line_are_shown_as_changed(world: World):
    crisis_id, line = await open_line(world, "100")
    short = await hold(world, crisis_id, line, "60")
    await hold(world, crisis_id, line, "40")
    waits = await pledged(world, crisis_id, line, "30")
    before = await changes(world)
    await revise(world, line, needed_by=world.clock.now() + timedelta(days=4))
    before = await must_show(world, before, waits)
    assert short in before
    await revise(world, line, needed_by=world.clock.now() + timedelta(hours=1))
    await must_show(world, before, *before)


async def test_rows_of_a_crisis_that_is_wound_down_and_reopened_are_shown_as_changed(world: World):
    crisis_id, line = await open_line(world, "100")
    await revise(world, line, needed_by=world.clock.now() + timedelta(days=20))
    await hold(world, crisis_id, line, "100")
    waits = await pledged(world, crisis_id, line, "30")
    before = await changes(world)
    down = StandDown(crisis_id, "response_complete")
    await run(world, lambda tx: stand_down(tx, down, world.secretariat, world.tools))
    before = await must_show(world, before, waits)
    again = Reactivate(crisis_id, "new_needs")
    await run(world, lambda tx: reactivate(tx, again, world.secretariat, world.tools))
    await must_show(world, before, waits)


async def test_a_row_whose_notice_reached_nobody_is_shown_as_changed(world: World):
    crisis_id, line = await open_line(world)
    desk = await a_desk(world)
    row = await pledged(world, crisis_id, line, "10")
    await pledged(world, crisis_id, line, "10")
    clock = await world.value("SELECT deadline_id FROM allocations WHERE allocation_id = $1", row)

    async def follow(outcome: Outcome) -> bool:
        notice = FollowNotice(clock, desk.host_org_id, outcome, world.clock.now())
        return await run(world, lambda tx: follow_notice(tx, notice))

    before = await changes(world)
    assert await follow(Outcome.UNDELIVERED)
    before = await must_show(world, before, row)
    assert not await follow(Outcome.UNDELIVERED)
    before = await must_show(world, before)
    assert await follow(Outcome.DELIVERED)
    await must_show(world, before, row)
