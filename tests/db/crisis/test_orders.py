"""Saturation orders: one key stops at once, silence opens again, a walk reaches what was promised before."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from crisis.domain.allocations import Clock, whole_step
from crisis.domain.clocks import Urgency
from crisis.domain.orders import CONFIRM, END, WALK, OrderRequest, SaturationOrder
from crisis.domain.refusals import OrderNotInState, RoleMissing, SameKey
from crisis.domain.states import State, Timer
from crisis.store import allocations, ledger
from crisis.usecases.allocation_step import lock
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.confirm_order import confirm_order
from crisis.usecases.issue_order import issue_order
from crisis.usecases.lapse_order import lapse_order
from crisis.usecases.lift_order import lift_order
from crisis.usecases.submit_need import SubmitNeed, submit_need
from crisis.usecases.verify_need import VerifyNeed, verify_need
from crisis.usecases.walk_order import turn_away, walk_order
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_chassis.ids import uuid7
from tests.db.crisis.at_the_desk import remind_desk
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.world import HATAY, TENT, World, caller


def request_of(world: World, **changes: Any) -> OrderRequest:
    stated = OrderRequest(TENT, None, (HATAY,), world.clock.now() + timedelta(days=3), "enough_here")
    return replace(stated, **changes)


async def issue(world: World, crisis: UUID, by: Caller | None = None, **changes: Any) -> SaturationOrder:
    wanted = request_of(world, **changes)
    return await world.database.unit_of_work(
        lambda tx: issue_order(tx, crisis, wanted, by or world.secretariat, world.tools)
    )


async def confirm(world: World, order: SaturationOrder, by: Caller) -> SaturationOrder:
    return await world.database.unit_of_work(lambda tx: confirm_order(tx, order.order_id, by, world.tools))


async def lift(world: World, order: SaturationOrder, by: Caller | None = None) -> SaturationOrder:
    return await world.database.unit_of_work(
        lambda tx: lift_order(tx, order.order_id, by or world.secretariat, world.tools)
    )


async def pending(world: World, order: SaturationOrder, kind: str) -> UUID | None:
    return await world.value(
        "SELECT deadline_id FROM deadlines WHERE subject_id = $1 AND kind = $2 AND state = 'pending'",
        order.order_id,
        kind,
    )


async def walk(world: World, order: SaturationOrder) -> int:
    deadline = await pending(world, order, WALK)
    assert deadline is not None
    return await walk_order(world.database, deadline, order.order_id, world.tools)


async def lapse(world: World, order: SaturationOrder, kind: str = CONFIRM) -> bool:
    deadline = await pending(world, order, kind)
    assert deadline is not None
    return await world.database.unit_of_work(
        lambda tx: lapse_order(tx, deadline, order.order_id, kind, world.tools)
    )


async def told(world: World) -> list[str]:
    rows = await world.rows("SELECT type FROM outbox WHERE topic = 'crisis.orders.v1' ORDER BY position")
    return [row["type"].rpartition(".")[2] for row in rows]


async def test_a10_a_pledge_is_refused_with_three_real_gaps_and_earlier_promises_are_turned_away(
    world: World,
):
    crisis_id, line = await open_line(world)
    for _ in range(3):
        await open_line_elsewhere(world, crisis_id)
    proposed = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    order = await issue(world, crisis_id, area=("TUR031005",))
    refused = body(await world.pledge(crisis_id, line, "10"), 409)
    assert refused["code"] == "saturated"
    gaps: Any = refused["alternatives"]
    assert len(gaps) == 3
    assert all(gap["district"] == "TUR031006" and gap["room"] == "50" for gap in gaps)
    assert await walk(world, order) == 1
    declined = await world.rows("SELECT state, reason FROM allocations WHERE allocation_id = $1", proposed)
    assert [tuple(row) for row in declined] == [("declined", "saturated")]
    event = json.loads(
        await world.value("SELECT payload FROM outbox WHERE type = 'crisis.allocation.declined'")
    )
    assert len(event["alternatives"]) == 3
    assert not any((await check_ledger(world.database)).values())


async def test_a10_a_holder_is_asked_to_let_go_and_a_truck_on_the_road_gets_a_proposal(world: World):
    crisis_id, line = await open_line(world)
    held = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    rolling = UUID(body(await world.pledge(crisis_id, line, "20"))["allocation_id"])
    await world.accept(held)
    await world.accept(rolling)
    await world.database.unit_of_work(lambda tx: leave(tx, rolling, world))
    order = await issue(world, crisis_id, depot="TUR001")
    assert await walk(world, order) == 2
    requests = await world.rows("SELECT allocation_id, state, reason FROM release_requests")
    assert [tuple(row) for row in requests] == [(held, "pending", "saturated")]
    tasks = await world.rows("SELECT kind, subject_id FROM tasks WHERE kind = 'divert'")
    assert [tuple(row) for row in tasks] == [("divert", rolling)]
    world.clock.advance(timedelta(seconds=31))
    assert await walk(world, order) == 0, "nobody is asked twice"
    assert await world.value("SELECT held::int FROM need_line_balances") == 10


async def test_a_task_to_divert_ends_when_the_goods_are_no_more_on_the_road(world: World):
    crisis_id, line = await open_line(world)
    rolling = UUID(body(await world.pledge(crisis_id, line, "20"))["allocation_id"])
    await world.accept(rolling)
    await world.database.unit_of_work(lambda tx: leave(tx, rolling, world))
    assert await walk(world, await issue(world, crisis_id, depot="TUR001")) == 1
    state = "SELECT state FROM tasks WHERE kind = 'divert'"
    await remind_desk(world, rolling)
    assert await world.value(state) != "done"
    await world.database.unit_of_work(lambda tx: come(tx, rolling, world))
    await remind_desk(world, rolling)
    assert await world.value(state) == "done"


async def test_a_later_order_takes_the_place_of_the_task_that_knows_nothing_of_it(world: World):
    crisis_id, line = await open_line(world)
    rolling = UUID(body(await world.pledge(crisis_id, line, "20"))["allocation_id"])
    await world.accept(rolling)
    await world.database.unit_of_work(lambda tx: leave(tx, rolling, world))
    first = await issue(world, crisis_id, depot="TUR001")
    assert await walk(world, first) == 1
    await lift(world, first)
    second = await issue(world, crisis_id, depot="TUR006")
    assert await walk(world, second) == 1
    told = await world.rows(
        "SELECT order_id, proposed_place, state, outcome FROM tasks WHERE kind = 'divert' ORDER BY task_id"
    )
    assert [tuple(row) for row in told] == [
        (first.order_id, "TUR001", "done", "superseded"),
        (second.order_id, "TUR006", "open", None),
    ]


async def rolling(world: World, crisis_id: UUID, line: UUID, quantity: str, by: Caller | None = None) -> UUID:
    """Goods for the line that are on the road."""
    row = UUID(body(await world.pledge(crisis_id, line, quantity, by))["allocation_id"])
    await world.accept(row)
    await world.database.unit_of_work(lambda tx: leave(tx, row, world))
    return row


async def turns(world: World, rows: Sequence[UUID]) -> list[UUID | None]:
    """The line to which each is proposed to turn."""
    found = await world.rows(
        "SELECT subject_id, proposed_line_id FROM tasks WHERE kind = 'divert' AND state <> 'done'"
    )
    told = {row["subject_id"]: row["proposed_line_id"] for row in found}
    return [told[row] for row in rows]


async def test_trucks_are_sent_to_several_gaps_as_far_as_each_takes_them(world: World):
    crisis_id, line = await open_line(world)
    trucks = [await rolling(world, crisis_id, line, quantity) for quantity in ("30", "30", "30", "50", "5")]
    first, second = [await open_line_elsewhere(world, crisis_id, quantity) for quantity in ("50", "40")]
    order = await issue(world, crisis_id, area=("TUR031005",))
    assert await walk(world, order) == 5
    # 20 are left beside the first 30, 10 beside the second: 30 go where most are left, then nothing takes 50.
    assert await turns(world, trucks) == [first, second, first, second, None]


async def test_a_truck_turns_to_no_line_its_own_pledger_asked_for_and_to_none_outside_its_earmark(
    world: World,
):
    crisis_id = (await world.open_crisis(area=(HATAY, "TUR001", "TUR006"))).crisis_id
    line = (await world.open_need(crisis_id)).lines[0].need_line_id
    both = caller("asker", "pledger")
    own, _, far = [
        await open_line_elsewhere(world, crisis_id, "50", by=both),
        await open_line_elsewhere(world, crisis_id, "50", district="TUR001001"),
        await open_line_elsewhere(world, crisis_id, "50", district="TUR006001"),
    ]
    truck = await rolling(world, crisis_id, line, "20", by=both)
    kept = '{"places": ["TUR006", "TUR031"]}'
    await world.database.unit_of_work(
        lambda tx: tx.execute("UPDATE allocations SET earmark = $2 WHERE allocation_id = $1", truck, kept)
    )
    assert await walk(world, await issue(world, crisis_id, area=("TUR031005",))) == 1
    assert await turns(world, [truck]) == [far] != [own]


async def leave(tx: Transaction, row: UUID, world: World) -> None:
    """The goods are on the road, as a later command will say."""
    found = await allocations.read(tx, row)
    assert found is not None
    locked = await lock(tx, found)
    clock = Clock(world.tools.new_id(), Timer.CONFIRM, world.clock.now() + timedelta(days=1))
    after = locked.row.now_in(State.DISPATCHED, world.clock.now(), "pledger", clock=clock)
    step = whole_step(locked.row, after, world.tools.new_id(), locked.balance.version + 1)
    await allocations.stop_clock(tx, step.stopped)
    await allocations.update(tx, after)
    await ledger.post(tx, step.entries)


async def come(tx: Transaction, row: UUID, world: World) -> None:
    """The goods are there, as a later command will say."""
    found = await allocations.read(tx, row)
    assert found is not None
    locked = await lock(tx, found)
    after = locked.row.now_in(State.ARRIVED, world.clock.now(), "pledger", clock=locked.row.clock)
    step = whole_step(locked.row, after, world.tools.new_id(), locked.balance.version + 1)
    await allocations.update(tx, after)
    await ledger.post(tx, step.entries)


async def test_a_hold_of_the_organisation_that_stopped_the_goods_is_for_its_desk(world: World):
    crisis_id, line = await open_line(world)
    both = caller("secretariat", "pledger")
    held = UUID(body(await world.pledge(crisis_id, line, "10", both))["allocation_id"])
    await world.accept(held)
    order = await issue(world, crisis_id, by=both)
    assert await walk(world, order) == 1
    tasks = await world.rows("SELECT kind, subject_id FROM tasks WHERE subject_id = $1", held)
    assert [tuple(row) for row in tasks] == [("decide_hold", held)]
    state = "SELECT state, due_at FROM tasks WHERE subject_id = $1"
    ((_, due_at),) = await world.rows(state, held)
    assert due_at > world.clock.now(), "its desk has time to decide"
    world.clock.advance(due_at - world.clock.now())
    await remind_desk(world, held)
    assert [row["state"] for row in await world.rows(state, held)] != ["done"]
    await lift(world, order)
    await remind_desk(world, held)
    assert [row["state"] for row in await world.rows(state, held)] == ["done"]


async def open_line_elsewhere(
    world: World,
    crisis_id: UUID,
    quantity: str = "50",
    *,
    district: str = "TUR031006",
    by: Caller | None = None,
) -> UUID:
    """A line of the same item, by default in the next district."""
    command = SubmitNeed(crisis_id, district, Urgency.URGENT, (world.tents(quantity),))
    asker = by or world.asker
    need = await world.database.unit_of_work(lambda tx: submit_need(tx, command, asker, world.tools))
    await world.database.unit_of_work(
        lambda tx: verify_need(tx, VerifyNeed(need.need_id, 1), world.secretariat, world.tools)
    )
    return need.lines[0].need_line_id


async def test_a43_without_a_second_key_pledging_is_open_again_and_the_lapse_is_told(world: World):
    crisis_id, line = await open_line(world)
    order = await issue(world, crisis_id)
    body(await world.pledge(crisis_id, line, "10"), 409)
    due = await world.value("SELECT due_at FROM deadlines WHERE kind = $1", CONFIRM)
    assert due == world.clock.now() + timedelta(hours=12)
    assert await lapse(world, order)
    assert body(await world.pledge(crisis_id, line, "10"))["state"] == "proposed"
    assert await told(world) == ["issued", "lapsed"]
    logged = await world.rows("SELECT actor_role, reason FROM command_log WHERE command = 'lapse_order'")
    assert [tuple(row) for row in logged] == [("system", "no_second_key")]


async def test_a_second_key_of_the_secretariat_keeps_it_until_its_own_end(world: World):
    crisis_id, line = await open_line(world)
    desk = caller("provincial_desk", provinces=frozenset({"31"}))
    order = await issue(world, crisis_id, by=desk)
    with pytest.raises(RoleMissing):
        await confirm(world, order, desk)
    active = await confirm(world, order, world.secretariat)
    assert active.state == "active"
    assert await pending(world, order, CONFIRM) is None
    body(await world.pledge(crisis_id, line, "10"), 409)
    assert await lapse(world, order, END)
    assert body(await world.pledge(crisis_id, line, "10"))["state"] == "proposed"
    assert await told(world) == ["issued", "confirmed", "lapsed"]


async def test_one_key_cannot_turn_twice(world: World):
    crisis_id, _ = await open_line(world)
    order = await issue(world, crisis_id)
    with pytest.raises(SameKey):
        await confirm(world, order, world.secretariat)
    other_key = replace(world.secretariat, key_id=uuid7())
    assert (await confirm(world, order, other_key)).state == "active"
    with pytest.raises(OrderNotInState):
        await confirm(world, order, caller("secretariat"))


async def test_a_desk_stops_only_its_own_area_and_only_the_secretariat_lifts_an_active_order(world: World):
    crisis = await world.open_crisis(area=(HATAY, "TUR046"))
    desk = caller("provincial_desk", provinces=frozenset({"31"}))
    with pytest.raises(RoleMissing):
        await issue(world, crisis.crisis_id, by=desk, area=(HATAY, "TUR046"))
    with pytest.raises(RoleMissing):
        await issue(world, crisis.crisis_id, by=caller("asker", "pledger", "verifier"))
    order = await issue(world, crisis.crisis_id, by=desk)
    await confirm(world, order, world.secretariat)
    with pytest.raises(RoleMissing):
        await lift(world, order, desk)
    assert (await lift(world, order)).lapse_reason == "lifted"
    mine = await issue(world, crisis.crisis_id, by=desk)
    assert (await lift(world, mine, desk)).state == "lapsed"


async def test_a_waiting_row_expires_and_nobody_is_called_while_goods_are_stopped(world: World):
    crisis_id, line = await open_line(world, "10")
    full = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    await world.accept(full)
    waiting = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    order = await issue(world, crisis_id, item_code=None, item_group="BAR")
    await walk(world, order)
    assert await world.value("SELECT state FROM allocations WHERE allocation_id = $1", waiting) == "expired"
    assert await world.value("SELECT waitlisted FROM need_line_balances") == 0


async def test_life_saving_lines_go_on_unless_they_are_named(world: World):
    crisis = await world.open_crisis()
    need = await world.open_need(crisis.crisis_id, urgency=Urgency.LIFE_SAVING)
    line = need.lines[0].need_line_id
    order = await issue(world, crisis.crisis_id)
    row = UUID(body(await world.pledge(crisis.crisis_id, line, "10"))["allocation_id"])
    assert await walk(world, order) == 0
    named = await issue(world, crisis.crisis_id, names_life_saving=True)
    body(await world.pledge(crisis.crisis_id, line, "10"), 409)
    assert await walk(world, named) == 1
    assert await world.value("SELECT state FROM allocations WHERE allocation_id = $1", row) == "declined"


async def test_other_goods_and_other_places_are_not_stopped(world: World):
    crisis_id, line = await open_line(world)
    await issue(world, crisis_id, item_code="FSC-FLOUR")
    await issue(world, crisis_id, area=("TUR031006",))
    await issue(world, crisis_id, item_code=None, item_group="BES")
    assert body(await world.pledge(crisis_id, line, "10"))["state"] == "proposed"


async def test_a_walk_cut_short_goes_on_where_the_rows_say(world: World):
    crisis_id, line = await open_line(world)
    rows = [UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"]) for _ in range(4)]
    order = await issue(world, crisis_id)
    for row in rows[:2]:
        assert await world.database.unit_of_work(
            lambda tx, row=row: turn_away(tx, row, order.order_id, world.tools)
        )
    assert await walk(world, order) == 2
    states = await world.rows("SELECT DISTINCT state FROM allocations")
    assert [row["state"] for row in states] == ["declined"]


async def test_a_second_walk_catches_what_was_being_committed(world: World):
    crisis_id, line = await open_line(world)
    order = await issue(world, crisis_id)
    assert await walk(world, order) == 0
    again = await world.value(
        "SELECT due_at FROM deadlines WHERE deadline_id = $1", await pending(world, order, WALK)
    )
    assert timedelta() < again - order.issued_at < timedelta(seconds=60)
    await world.database.unit_of_work(
        lambda tx: tx.execute("UPDATE saturation_orders SET names_life_saving = false, area = '{TUR031006}'")
    )
    slipped = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    await world.database.unit_of_work(lambda tx: tx.execute("UPDATE saturation_orders SET area = '{TUR031}'"))
    world.clock.advance(timedelta(seconds=31))
    assert await walk(world, order) == 1
    assert await world.value("SELECT state FROM allocations WHERE allocation_id = $1", slipped) == "declined"
    assert await pending(world, order, WALK) is None


async def test_an_order_and_pledges_race_and_nothing_is_left_standing(world: World):
    crisis_id, line = await open_line(world)
    outcomes = await asyncio.gather(
        *(world.pledge(crisis_id, line, "5") for _ in range(6)),
        issue(world, crisis_id),
        *(world.pledge(crisis_id, line, "5") for _ in range(6)),
    )
    (order,) = [each for each in outcomes if isinstance(each, SaturationOrder)]
    await walk(world, order)
    assert await world.value("SELECT proposed FROM need_line_balances") == 0
    assert not any((await check_ledger(world.database)).values())
