"""Bundles over the same lines at once: no deadlock, no line promised beyond its cap, no bundle in part."""

import asyncio
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from crisis.domain.answers import Rest
from crisis.domain.refusals import BundleDoesNotFit, BundleSettled
from crisis.store import lines as line_store
from crisis.usecases.accept_allocation import AcceptAllocation, accept_allocation
from crisis.usecases.accept_bundle import Part
from crisis.usecases.bundle_step import Answered
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.reading_bundles import BundleRead
from imece_chassis.database import Transaction
from tests.db.crisis.bundling import (
    a_bundle,
    accepted,
    declined,
    here_and_there,
    read,
    states,
    three_lines,
    withdrawn,
)
from tests.db.crisis.lock_waits import somebody_waits
from tests.db.crisis.world import World, caller, hands

HANDS = 8
OVER = "SELECT count(*) FROM need_line_balances WHERE held > requested"


async def in_both_orders(world: World, quantity: str) -> list[BundleRead]:
    """Eight organisations promise the same four lines, every other one beginning at the end."""
    crisis_id, lines = await three_lines(world, *["100"] * 4)
    orders = [lines if turn % 2 else lines[::-1] for turn in range(HANDS)]
    made = await hands(
        [
            partial(a_bundle, world, crisis_id, [(line, quantity) for line in order], caller("pledger"))
            for order in orders
        ],
        HANDS,
    )
    assert not [each for each in made if isinstance(each, BaseException)], made
    return [each for each in made if isinstance(each, BundleRead)]


async def test_bundles_in_opposite_order_all_end_and_stand_whole_or_not_at_all(world: World):
    made = await in_both_orders(world, "40")
    answers = await hands([partial(accepted, world, each.bundle.bundle_id) for each in made], HANDS)
    refused = [answer for answer in answers if isinstance(answer, BaseException)]
    assert {type(answer) for answer in refused} == {BundleDoesNotFit}
    assert len(answers) - len(refused) == 2, "forty of a hundred fit twice"
    found = [states(await read(world, each.bundle.bundle_id, world.secretariat)) for each in made]
    assert sorted(found) == [["held"] * 4] * 2 + [["proposed"] * 4] * 6
    assert await world.rows("SELECT DISTINCT held FROM need_line_balances") == [(80,)]
    assert not any((await check_ledger(world.database)).values())


async def test_what_does_not_fit_waits_and_no_line_is_promised_beyond_its_cap(world: World):
    made = await in_both_orders(world, "40")
    answers = await hands(
        [partial(accepted, world, each.bundle.bundle_id, rest=Rest.WAITLIST) for each in made], HANDS
    )
    assert not [answer for answer in answers if isinstance(answer, BaseException)], answers
    assert await world.rows("SELECT DISTINCT held, waitlisted FROM need_line_balances") == [(100, 220)]
    assert await world.value(OVER) == 0
    assert not any((await check_ledger(world.database)).values())


async def test_a_bundle_answered_from_every_side_at_once_is_never_in_part(world: World):
    crisis_id, lines = await three_lines(world)
    for _ in range(6):
        found = await a_bundle(world, crisis_id, [(line, "5") for line in lines])
        bundle_id, single = found.bundle.bundle_id, found.rows[1].allocation_id
        cut: dict[UUID, Part] = {single: Part("2", Rest.DECLINE)}
        answers = await asyncio.gather(
            accepted(world, bundle_id, cut),
            withdrawn(world, bundle_id),
            accepted(world, bundle_id),
            world.accept(single, "3", Rest.WAITLIST),
            return_exceptions=True,
        )
        assert not isinstance(answers[1], BaseException), "the pledger may always take back"
        late = [answer for answer in (answers[0], answers[2]) if isinstance(answer, BaseException)]
        assert {type(answer) for answer in late} <= {BundleDoesNotFit, BundleSettled}
        ended = await read(world, bundle_id)
        assert set(states(ended)) <= {"withdrawn", "declined"}
    assert await world.value("SELECT sum(held + waitlisted + proposed) FROM need_line_balances") == 0
    assert not any((await check_ledger(world.database)).values())


async def test_a_row_that_is_cut_while_its_bundle_is_taken_back_goes_with_all_its_pieces(world: World):
    crisis_id, lines = await three_lines(world)
    found = await a_bundle(world, crisis_id, [(line, "40") for line in lines])
    single = AcceptAllocation(found.rows[1].allocation_id, "15", Rest.WAITLIST)
    taking_back: list[asyncio.Task[Answered]] = []

    async def desk(tx: Transaction) -> None:
        await accept_allocation(tx, single, world.secretariat, world.tools)
        if not taking_back:
            taking_back.append(asyncio.create_task(withdrawn(world, found.bundle.bundle_id)))
        await somebody_waits(world)

    await world.database.unit_of_work(desk)
    assert (await taking_back[0]).skipped == ()
    assert states(await read(world, found.bundle.bundle_id)) == ["withdrawn"] * 4
    assert await world.value("SELECT sum(held + waitlisted + proposed) FROM need_line_balances") == 0
    assert not any((await check_ledger(world.database)).values())


@pytest.mark.parametrize("doing", ["propose", "accept", "withdraw"])
async def test_who_waits_for_the_first_line_holds_no_later_one(world: World, doing: str):
    """Named in the opposite order or not: lines are locked by id, so another with the same lines goes on."""
    crisis_id, lines = await three_lines(world)
    first, *_, last = sorted(lines)
    rows = [(line, "5") for line in (last, first)]
    made = await a_bundle(world, crisis_id, rows)
    bundle_id, tries = made.bundle.bundle_id, list[str]()
    acting: list[asyncio.Task[Any]] = []

    async def act() -> Any:
        if doing == "propose":
            return await a_bundle(world, crisis_id, rows)
        return await (accepted if doing == "accept" else withdrawn)(world, bundle_id)

    async def other(tx: Transaction) -> None:
        tries.append("other")
        await line_store.lock_needs(tx, [first])
        if not acting:
            acting.append(asyncio.create_task(act()))
        await somebody_waits(world)
        await line_store.lock_needs(tx, [last])

    await world.database.unit_of_work(other)
    await acting[0]
    assert tries == ["other"], "nobody had to start again"
    assert not any((await check_ledger(world.database)).values())


async def test_a_row_of_another_bundle_that_is_named_is_not_locked(world: World):
    """Its line may come before those that are locked by then."""
    crisis_id, lines = await three_lines(world)
    first, *_, last = sorted(lines)
    mine = await a_bundle(world, crisis_id, [(last, "10")])
    other = await a_bundle(world, crisis_id, [(first, "10")])
    stranger = {other.rows[0].allocation_id: Part("5", Rest.DECLINE)}
    asked: list[asyncio.Task[Answered]] = []

    async def elsewhere(tx: Transaction) -> None:
        await line_store.lock_needs(tx, [first])
        asked.append(asyncio.create_task(accepted(world, mine.bundle.bundle_id, stranger)))
        await asyncio.wait(asked, timeout=10)

    await world.database.unit_of_work(elsewhere)
    with pytest.raises(BundleDoesNotFit):
        asked[0].result()


@pytest.mark.parametrize("answer", [accepted, declined])
async def test_the_version_of_a_bundle_counts_a_step_of_another_desk_that_came_first(
    world: World, answer: Any
):
    found = await here_and_there(world)
    here, there = (caller("provincial_desk", provinces=frozenset({plate})) for plate in ("31", "46"))
    single = AcceptAllocation(found.rows[1].allocation_id)
    acting: list[asyncio.Task[Answered]] = []

    async def first(tx: Transaction) -> None:
        await accept_allocation(tx, single, there, world.tools)
        acting.append(asyncio.create_task(answer(world, found.bundle.bundle_id, by=here)))
        await somebody_waits(world)

    await world.database.unit_of_work(first)
    await acting[0]
    logged = await world.rows(
        "SELECT before_version, after_version FROM command_log WHERE subject_id = $1"
        " AND command <> 'propose_bundle'",
        found.bundle.bundle_id,
    )
    assert [tuple(row) for row in logged] == [(3, 4)]
