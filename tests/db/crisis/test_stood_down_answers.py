"""A crisis that is stood down goes on being answered: what was promised is taken, changed or let go."""

from datetime import timedelta
from uuid import UUID

import pytest

from crisis.domain.answers import Rest
from crisis.domain.refusals import CrisisNotOpen
from crisis.domain.tasks import TaskKind
from crisis.usecases.change_settings import ChangeSettings, change_settings
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.stand_down import HOLDS
from tests.db.crisis.at_the_desk import about, clocks, run
from tests.db.crisis.crisis_steps import stood_down
from tests.db.crisis.terms import a_plan, counter, extend
from tests.db.crisis.test_holding import ask
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.world import World

SLOW = {"life_saving": 60, "urgent": 60 * 72, "normal": 60 * 72}


CLOSED = "UPDATE crises SET state = 'closed', closed_at = now(), deadline_id = NULL"
DUE = "SELECT due_at FROM deadlines JOIN allocations USING (deadline_id) WHERE allocation_id = $1"


async def pledged(world: World, crisis_id: UUID, line: UUID, quantity: str = "10") -> UUID:
    return UUID(body(await world.pledge(crisis_id, line, quantity))["allocation_id"])


async def test_c5_a_promise_made_before_is_accepted_and_a_desk_decides_about_the_hold(world: World):
    crisis_id, line = await open_line(world)
    row = await pledged(world, crisis_id, line)
    await stood_down(world, crisis_id)
    assert await clocks(world, HOLDS) == 1
    assert (await world.accept(row)).rows[0].state == "held"
    assert await about(world, row) == []
    assert await clocks(world, HOLDS) == 1
    assert [task.kind for task in await about(world, row)] == [TaskKind.DECIDE_HOLD]
    assert body(await world.pledge(crisis_id, line, "10"), 409)["code"] == "crisis_not_open"
    assert not any((await check_ledger(world.database)).values())


async def test_c5_what_does_not_fit_waits_no_longer_than_the_wind_down(world: World):
    crisis = await world.open_crisis()
    later = world.clock.now() + timedelta(days=20)
    need = await world.open_need(crisis.crisis_id, world.tents("10", needed_by=later))
    row = await pledged(world, crisis.crisis_id, need.lines[0].need_line_id, "15")
    await stood_down(world, crisis.crisis_id)
    held, waits = (await world.accept(row, rest=Rest.WAITLIST)).rows
    assert (held.state, waits.state) == ("held", "waitlisted")
    due = await world.value(DUE, waits.allocation_id)
    assert due == world.clock.now() + timedelta(days=7)


async def test_c5_a_counter_is_answered_within_a_day(world: World):
    crisis_id, line = await open_line(world)
    await run(world, change_settings, ChangeSettings(crisis_id, {"answer_minutes": SLOW}))
    row = await pledged(world, crisis_id, line)
    await stood_down(world, crisis_id)
    countered = (await counter(world, row, world.secretariat, quantity="5")).rows[0]
    due = await world.value(DUE, countered.allocation_id)
    assert due == world.clock.now() + timedelta(hours=24)
    assert (await world.accept(countered.allocation_id, by=world.pledger)).rows[0].state == "held"


async def test_c5_what_is_held_is_kept_longer_or_asked_for(world: World):
    crisis_id, line = await open_line(world)
    row = await pledged(world, crisis_id, line)
    await world.accept(row)
    await stood_down(world, crisis_id)
    assert (await extend(world, row)).rows[0].plan == a_plan(world)
    request = (await ask(world, row)).request
    assert request.allocation_id == row


async def test_c7_after_its_end_nothing_is_answered(world: World):
    crisis_id, line = await open_line(world)
    row = await pledged(world, crisis_id, line)
    await stood_down(world, crisis_id)
    await world.database.unit_of_work(lambda tx: tx.execute(CLOSED))
    with pytest.raises(CrisisNotOpen):
        await world.accept(row)
