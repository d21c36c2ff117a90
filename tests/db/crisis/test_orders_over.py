"""An order that is over asks for nothing any more, and one in force reaches what comes to its place later."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from crisis.domain.orders import END, WALK, SaturationOrder
from crisis.domain.refusals import ReleaseSettled
from crisis.domain.release_requests import LAPSE
from crisis.domain.states import State
from crisis.usecases.lift_order import lift_order
from crisis.usecases.not_reached import holder_not_reached
from crisis.usecases.relocate_need import RelocateNeed, relocate_need
from crisis.usecases.walk_order import turn_away, walk_order
from imece_chassis.database import Transaction
from tests.db.crisis.at_the_desk import run
from tests.db.crisis.lock_waits import somebody_waits
from tests.db.crisis.need_world import PLACE, Needs
from tests.db.crisis.terms import state_of, term_worker
from tests.db.crisis.test_holding import reply
from tests.db.crisis.test_line_terms import hold
from tests.db.crisis.test_merging import merge, twins, unmerge
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.test_orders import confirm, issue, lapse, leave, lift, pending, walk
from tests.db.crisis.world import World, caller

NEXT_DOOR = "TUR031006"


async def requests(world: World) -> list[str]:
    return [row[0] for row in await world.rows("SELECT state FROM release_requests ORDER BY request_id")]


async def tasks_of(world: World, kind: str) -> list[tuple[Any, ...]]:
    found = "SELECT order_id, state, outcome FROM tasks WHERE kind = $1 ORDER BY task_id"
    return [tuple(row) for row in await world.rows(found, kind)]


async def held_and_asked(world: World) -> tuple[UUID, UUID, SaturationOrder]:
    crisis_id, line = await open_line(world)
    row = await hold(world, crisis_id, line, "10")
    order = await issue(world, crisis_id)
    assert await walk(world, order) == 1
    return crisis_id, row, order


@pytest.mark.parametrize("is_walked", [True, False], ids=["walked", "before the walk"])
async def test_a43_an_order_that_lapsed_takes_no_goods(world: World, is_walked: bool):
    _, row, order = await held_and_asked(world)
    assert await lapse(world, order)
    due = await world.value(
        "SELECT due_at FROM deadlines WHERE deadline_id = $1", await pending(world, order, WALK)
    )
    assert due == world.clock.now()
    if is_walked:
        assert await walk(world, order) == 1
        assert (await requests(world), await pending(world, order, WALK)) == (["void"], None)
        assert await world.value("SELECT state FROM deadlines WHERE kind = $1", LAPSE) == "cancelled"
    assert await term_worker(world).run_once() == (0 if is_walked else 1)
    assert (await state_of(world, row), await requests(world)) == ("held", ["void"])


async def test_an_order_that_is_lifted_or_at_its_end_takes_back_what_it_asked(world: World):
    _, _, first = await held_and_asked(world)
    await lift(world, first)
    assert await walk(world, first) == 1
    _, _, second = await held_and_asked(world)
    active = await confirm(world, second, caller("secretariat"))
    assert await lapse(world, active, END)
    assert await walk(world, active) == 1
    assert await requests(world) == ["void", "void"]


async def test_a_holder_answers_no_request_that_was_taken_back(world: World):
    _, _, order = await held_and_asked(world)
    await lift(world, order)
    await walk(world, order)
    request = await world.value("SELECT request_id FROM release_requests")
    with pytest.raises(ReleaseSettled):
        await reply(world, request, agrees=True)


async def test_what_another_order_stops_stays_asked_until_that_is_over_too(world: World):
    crisis_id, row, first = await held_and_asked(world)
    second = await issue(world, crisis_id)
    await walk(world, second)
    await lift(world, first)
    assert (await walk(world, first), await requests(world)) == (0, ["pending"])
    await lift(world, second)
    assert (await walk(world, second), await requests(world)) == (1, ["void"])
    assert await state_of(world, row) == "held"


async def test_nobody_is_asked_twice_and_an_unreached_holder_is_let_be(world: World):
    """The clock of the request stands still because nobody was reached; its pause is used up."""
    _, row, order = await held_and_asked(world)
    await world.database.unit_of_work(
        lambda tx: tx.execute(
            "UPDATE deadlines SET paused_since = $2, pause_granted = '1 hour' WHERE kind = $1",
            LAPSE,
            world.clock.now(),
        )
    )
    await lift(world, order)
    deadline, request = (
        await world.rows("SELECT deadline_id, subject_id FROM deadlines WHERE kind = $1", LAPSE)
    )[0]
    assert await run_clock(world, holder_not_reached, deadline, request)
    assert (await requests(world), await tasks_of(world, "not_reached")) == (["void"], [])
    assert await state_of(world, row) == "held"


async def run_clock(world: World, effect: Any, deadline: UUID, subject: UUID) -> bool:
    return await world.database.unit_of_work(lambda tx: effect(tx, deadline, subject, world.tools))


async def test_tasks_of_an_order_end_with_it_and_a_truck_is_for_the_order_that_stands(world: World):
    crisis_id, line = await open_line(world)
    rolling = await hold(world, crisis_id, line, "20")
    await world.database.unit_of_work(lambda tx: leave(tx, rolling, world))
    first = await issue(world, crisis_id, depot="TUR001")
    await walk(world, first)
    second = await issue(world, crisis_id, depot="TUR006")
    await walk(world, second)
    await lift(world, second)
    assert await walk(world, second) == 1
    told = [
        (first.order_id, "done", "superseded"),
        (second.order_id, "done", "superseded"),
        (first.order_id, "open", None),
    ]
    assert await tasks_of(world, "divert") == told
    await lift(world, first)
    assert await walk(world, first) == 1
    assert await tasks_of(world, "divert") == [*told[:2], (first.order_id, "done", "order_over")]


async def test_a_desk_need_not_decide_about_its_own_goods_any_more(world: World):
    crisis_id, line = await open_line(world)
    world.pledger = caller("secretariat", "pledger")
    row = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    await world.accept(row, by=caller("secretariat"))
    order = await issue(world, crisis_id, by=world.pledger)
    assert (await walk(world, order), await tasks_of(world, "decide_hold")) == (1, [(None, "open", None)])
    world.clock.advance(timedelta(seconds=31))
    assert await walk(world, order) == 0
    await lift(world, order)
    await walk(world, order)
    assert await tasks_of(world, "decide_hold") == [(None, "done", "order_over")]


async def test_rows_of_a_need_that_moves_into_a_stopped_place_are_reached(world: World):
    needs = await Needs.of(world)
    need = await needs.opened()
    line = need.lines[0].need_line_id
    waiting = UUID(body(await world.pledge(needs.crisis_id, line, "10"))["allocation_id"])
    held = await hold(world, needs.crisis_id, line, "20")
    order = await issue(world, needs.crisis_id, area=(NEXT_DOOR,))
    world.clock.advance(timedelta(minutes=1))
    assert (await walk(world, order), await pending(world, order, WALK)) == (0, None)
    await needs.relocate(need, NEXT_DOOR)
    assert await walk(world, order) == 2
    assert (await state_of(world, waiting), await state_of(world, held)) == ("declined", "held")
    assert await requests(world) == ["pending"]
    await needs.relocate(need, "TUR031002")
    assert await term_worker(world).run_once() == 1
    assert (await state_of(world, held), await requests(world)) == ("held", ["void"])


async def test_rows_that_a_merge_or_its_undoing_brings_to_a_stopped_place_are_reached(world: World):
    pair = await twins(world)
    needs = Needs(world, pair.crisis_id)
    await run(world, relocate_need, RelocateNeed(pair.into, NEXT_DOOR, "site_moved"))
    await hold(world, pair.crisis_id, pair.line, "20")
    there = await issue(world, pair.crisis_id, area=(NEXT_DOOR,))
    await walk_twice(world, there)
    await merge(world, pair)
    assert (await walk(world, there), await requests(world)) == (1, ["pending"])
    here = await issue(world, pair.crisis_id, area=(PLACE,))
    await walk_twice(world, here)
    await unmerge(world, pair.need, by=needs.desk)
    assert await pending(world, here, WALK) is not None


async def walk_twice(world: World, order: SaturationOrder) -> None:
    """Both walks that an order has of itself, reaching nothing."""
    assert await walk(world, order) == 0
    world.clock.advance(timedelta(minutes=1))
    assert await walk(world, order) == 0
    assert await pending(world, order, WALK) is None


async def test_a_walk_on_its_way_does_not_swallow_the_one_that_is_asked_for(world: World):
    """The walk has passed the rows and settles while the need moves under the lock of the order."""
    needs = await Needs.of(world)
    need = await needs.opened()
    await world.pledge(needs.crisis_id, need.lines[0].need_line_id, "10")
    order = await issue(world, needs.crisis_id, area=(NEXT_DOOR,))
    world.clock.advance(timedelta(minutes=1))
    passing = await pending(world, order, WALK)
    assert passing is not None
    moving, go_on = asyncio.Event(), asyncio.Event()
    command = RelocateNeed(need.need_id, NEXT_DOOR, "site_moved")

    async def move(tx: Transaction) -> None:
        await relocate_need(tx, command, needs.desk, world.tools)
        moving.set()
        await go_on.wait()

    moved = asyncio.create_task(world.database.unit_of_work(move))
    await moving.wait()
    passed = asyncio.create_task(walk_order(world.database, passing, order.order_id, world.tools))
    await somebody_waits(world)
    go_on.set()
    await moved
    assert await passed == 0
    assert await pending(world, order, WALK) not in (None, passing)
    assert await walk(world, order) == 1


async def test_who_walks_for_an_order_waits_for_its_end(world: World):
    """A row is not turned away for an order that somebody is lifting."""
    crisis_id, line = await open_line(world)
    row = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    order = await issue(world, crisis_id)
    lifting, go_on = asyncio.Event(), asyncio.Event()

    async def lifted(tx: Transaction) -> None:
        await lift_order(tx, order.order_id, world.secretariat, world.tools)
        lifting.set()
        await go_on.wait()

    lifter = asyncio.create_task(world.database.unit_of_work(lifted))
    await lifting.wait()
    turning = asyncio.create_task(
        world.database.unit_of_work(lambda tx: turn_away(tx, row, order.order_id, world.tools))
    )
    await somebody_waits(world)
    go_on.set()
    await lifter
    assert not await turning
    assert await state_of(world, row) == State.PROPOSED
