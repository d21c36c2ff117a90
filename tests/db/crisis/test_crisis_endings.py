"""From the stand-down to a closed crisis, and back: every step with its guard, its event and its clock."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from crisis.domain.crises import CrisisFacts, CrisisState, CrisisTimer
from crisis.domain.refusals import (
    CrisisNotEmpty,
    CrisisNotInState,
    CrisisNotOpen,
    ReopeningTooLate,
    RoleMissing,
)
from crisis.domain.tasks import Seat, TaskKind, TaskState
from crisis.usecases.change_settings import ChangeSettings, change_settings
from crisis.usecases.close_crisis import ReopenCrisis, ask_to_reopen, close_crisis
from crisis.usecases.settle_two_keys import confirm_two_keys
from crisis.usecases.stand_down import HOLDS, Reactivate, reactivate
from crisis.usecases.tasks import OVERDUE
from imece_chassis.ids import uuid7
from tests.db.crisis.at_the_desk import about, clocks, run
from tests.db.crisis.crisis_steps import now_of, stood_down, types_about
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.world import World, caller


async def test_c5_no_new_needs_answers_within_a_day_and_what_waits_ends_with_the_wind_down(world: World):
    slow = {"life_saving": 60, "urgent": 60 * 72, "normal": 60 * 72}
    crisis = await world.open_crisis()
    await run(world, change_settings, ChangeSettings(crisis.crisis_id, {"answer_minutes": slow}))
    later = world.clock.now() + timedelta(days=20)
    need = await world.open_need(crisis.crisis_id, world.tents("10", needed_by=later))
    line = need.lines[0].need_line_id
    held = UUID(body(await world.pledge(crisis.crisis_id, line, "4"))["allocation_id"])
    await world.accept(held)
    await world.pledge(crisis.crisis_id, line, "5")
    full = UUID(body(await world.pledge(crisis.crisis_id, line, "6"))["allocation_id"])
    await world.accept(full)
    await world.pledge(crisis.crisis_id, line, "3")
    await stood_down(world, crisis.crisis_id)
    due = {
        row["kind"]: row["due_at"] - world.clock.now()
        for row in await world.rows(
            "SELECT deadlines.kind, due_at FROM deadlines JOIN allocations USING (deadline_id)"
            " WHERE deadlines.kind IN ('allocation.answer', 'allocation.waiting')"
        )
    }
    assert due == {"allocation.answer": timedelta(hours=24), "allocation.waiting": timedelta(days=7)}
    with pytest.raises(CrisisNotOpen):
        await world.submit(crisis.crisis_id)
    again = await run(world, reactivate, Reactivate(crisis.crisis_id, "new_needs"))
    assert (again.state, again.stood_down_at) == (CrisisState.OPEN, None)
    waiting = await world.value("SELECT due_at FROM deadlines WHERE kind = 'allocation.waiting'")
    assert waiting == later
    await world.submit(crisis.crisis_id)


async def test_c5_what_is_held_is_decided_one_by_one(world: World):
    crisis_id, line = await open_line(world)
    held = [UUID(body(await world.pledge(crisis_id, line, "4"))["allocation_id"]) for _ in range(3)]
    for allocation in held:
        await world.accept(allocation)
    await stood_down(world, crisis_id)
    assert await clocks(world, HOLDS) == 1
    tasks = [task for allocation in held for task in await about(world, allocation)]
    assert [task.kind for task in tasks] == [TaskKind.DECIDE_HOLD] * 3
    assert await clocks(world, HOLDS) == 0
    await world.withdraw(held[0])
    await clocks(world, OVERDUE)
    states = [(await about(world, allocation))[0].state for allocation in held]
    assert states == [TaskState.DONE, TaskState.OVERDUE, TaskState.OVERDUE]
    await run(world, reactivate, Reactivate(crisis_id, "new_needs"))
    await clocks(world, OVERDUE)
    assert (await about(world, held[1]))[0].outcome == "settled"
    world.clock.advance(timedelta(days=2))
    await stood_down(world, crisis_id)
    await clocks(world, HOLDS)
    assert len(await about(world, held[2])) == 2


async def test_c5_a_wind_down_is_asked_for_daily_from_the_fifth_day_and_never_closes_by_itself(world: World):
    crisis = await world.open_crisis()
    after = await stood_down(world, crisis.crisis_id)
    due = await world.value("SELECT due_at FROM deadlines WHERE deadline_id = $1", after.deadline_id)
    assert due == world.clock.now() + timedelta(days=5)
    seats: list[Seat] = []
    world.clock.advance(timedelta(days=5))
    for _ in range(4):
        assert await clocks(world, CrisisTimer.WIND_DOWN) == 1
        (task,) = await about(world, crisis.crisis_id)
        seats.append(task.post.seat)
        world.clock.advance(timedelta(days=1))
        await clocks(world, OVERDUE)
    assert task.kind is TaskKind.WIND_DOWN
    assert (await about(world, crisis.crisis_id))[0].escalations == 4
    assert set(seats) == {Seat.OFFICER}
    assert (await now_of(world, crisis.crisis_id)).state is CrisisState.STOOD_DOWN
    with pytest.raises(CrisisNotInState):
        await stood_down(world, crisis.crisis_id)


async def test_c6_reactivating_settles_the_wind_down(world: World):
    crisis = await world.open_crisis()
    with pytest.raises(CrisisNotInState):
        await run(world, reactivate, Reactivate(crisis.crisis_id, "new_needs"))
    await stood_down(world, crisis.crisis_id)
    await clocks(world, CrisisTimer.WIND_DOWN)
    await run(world, reactivate, Reactivate(crisis.crisis_id, "new_needs"))
    assert [task.outcome for task in await about(world, crisis.crisis_id)] == ["reactivated"]
    assert await types_about(world, crisis.crisis_id) == ["opened", "stood_down", "reactivated"]


async def test_a29_closing_is_refused_with_the_rows_that_still_wait(world: World):
    crisis_id, line = await open_line(world, "10")
    held = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    await world.accept(held)
    waiting = UUID(body(await world.pledge(crisis_id, line, "5"))["allocation_id"])
    with pytest.raises(CrisisNotInState):
        await run(world, close_crisis, crisis_id)
    await stood_down(world, crisis_id)
    with pytest.raises(CrisisNotEmpty) as refused:
        await run(world, close_crisis, crisis_id)
    rows = refused.value.facts["rows"]
    need = await world.value("SELECT need_id FROM needs")
    assert rows == [f"need/{need} open", f"allocation/{held} held", f"allocation/{waiting} waitlisted"]
    assert refused.value.facts["count"] == "3"


async def test_c7_an_empty_crisis_closes_and_nothing_of_it_waits(world: World):
    crisis = await world.open_crisis()
    await stood_down(world, crisis.crisis_id)
    await clocks(world, CrisisTimer.WIND_DOWN)
    with pytest.raises(RoleMissing):
        await run(world, close_crisis, crisis.crisis_id, caller("provincial_desk"))
    after = await run(world, close_crisis, crisis.crisis_id)
    assert (after.state, after.closed_at) == (CrisisState.CLOSED, world.clock.now())
    assert await clocks(world, OVERDUE, CrisisTimer.WIND_DOWN, CrisisTimer.REVIEW) == 0
    assert (await types_about(world, crisis.crisis_id))[-1] == "closed"


async def test_c8_a_closed_crisis_is_reopened_by_two_keys_within_thirty_days(world: World):
    crisis = await world.open_crisis()
    wanted = ReopenCrisis(crisis.crisis_id, "new_event")
    with pytest.raises(CrisisNotInState):
        await run(world, ask_to_reopen, wanted)
    await stood_down(world, crisis.crisis_id)
    await run(world, close_crisis, crisis.crisis_id)
    two_key_id = await run(world, ask_to_reopen, wanted)
    assert (await now_of(world, crisis.crisis_id)).state is CrisisState.CLOSED
    second = replace(world.secretariat, key_id=uuid7())
    await run(world, confirm_two_keys, two_key_id, second)
    after = await now_of(world, crisis.crisis_id)
    assert (after.state, after.closed_at, after.reason) == (CrisisState.OPEN, None, "new_event")
    assert (await types_about(world, crisis.crisis_id))[-1] == "reopened"
    await stood_down(world, crisis.crisis_id)
    await run(world, close_crisis, crisis.crisis_id)
    world.clock.advance(timedelta(days=31))
    with pytest.raises(ReopeningTooLate):
        await run(world, ask_to_reopen, wanted)


async def test_c5_a_need_is_stated_before_the_stand_down_or_refused(world: World):
    crisis = await world.open_crisis()
    outcomes = await asyncio.gather(
        *(world.submit(crisis.crisis_id) for _ in range(4)),
        stood_down(world, crisis.crisis_id),
        *(world.submit(crisis.crisis_id) for _ in range(4)),
        return_exceptions=True,
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, CrisisNotOpen)]
    stated = await world.value("SELECT count(*) FROM needs")
    assert len(refused) + stated == 8
    assert isinstance(outcomes[4], CrisisFacts)
