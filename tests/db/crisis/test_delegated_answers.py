"""An answer allowed by a delegation that ends before the answer has its locks, or that lets nobody answer."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from crisis.domain.needs import Need
from crisis.domain.refusals import RoleMissing
from crisis.store import crises
from crisis.usecases.allocation_step import Moved
from crisis.usecases.counter_allocation import CounterAllocation, counter_allocation
from crisis.usecases.decline_allocation import DeclineAllocation, decline_allocation
from crisis.usecases.delegate_answers import end_delegation
from imece_chassis.access.caller import Grant
from imece_chassis.database import Transaction
from imece_contracts.crisis import NeedDelegationEnded
from tests.db.crisis.lock_waits import somebody_waits
from tests.db.crisis.need_world import Needs
from tests.db.crisis.test_merging import Twins, merge, sound
from tests.db.crisis.test_one_pledge import body, events
from tests.db.crisis.world import World


async def promised(needs: Needs, need: Need, quantity: str = "30") -> UUID:
    made = await needs.world.pledge(needs.crisis_id, need.lines[0].need_line_id, quantity)
    return UUID(body(made)["allocation_id"])


async def answer(world: World, allocation: UUID, how: str) -> Moved:
    async def work(tx: Transaction) -> Moved:
        if how == "decline":
            declining = DeclineAllocation(allocation, "too_far")
            return await decline_allocation(tx, declining, world.asker, world.tools)
        countering = CounterAllocation(allocation, quantity="10")
        return await counter_allocation(tx, countering, world.asker, world.tools)

    if how == "accept":
        return await world.accept(allocation, by=world.asker)
    return await world.database.unit_of_work(work)


async def test_an_answer_that_waited_for_the_end_of_its_delegation_is_refused(world: World):
    needs = await Needs.of(world)
    need = await needs.opened()
    allocation = await promised(needs, need)
    await needs.delegate(need)
    answering: list[asyncio.Task[Moved]] = []

    async def end(tx: Transaction) -> None:
        await end_delegation(tx, need.need_id, needs.desk, world.tools)
        if not answering:
            answering.append(asyncio.create_task(answer(world, allocation, "accept")))
        await somebody_waits(world)

    await world.database.unit_of_work(end)
    with pytest.raises(RoleMissing):
        await answering[0]
    assert await world.value("SELECT state FROM allocations") == "proposed"


@pytest.mark.parametrize("how", ["accept", "decline", "counter"])
async def test_an_answer_that_waited_beyond_the_delegation_is_refused(world: World, how: str):
    needs = await Needs.of(world)
    need = await needs.opened()
    allocation = await promised(needs, need)
    await needs.delegate(need, hours=1)
    answering: list[asyncio.Task[Moved]] = []

    async def hold(tx: Transaction) -> None:
        await crises.lock(tx, needs.crisis_id)
        if not answering:
            answering.append(asyncio.create_task(answer(world, allocation, how)))
        await somebody_waits(world)
        world.clock.advance(timedelta(hours=1))

    await world.database.unit_of_work(hold)
    with pytest.raises(RoleMissing):
        await answering[0]
    assert await world.value("SELECT state FROM allocations") == "proposed"


async def test_a_desk_of_the_pledger_lets_nobody_answer_its_pledge(world: World):
    needs = await Needs.of(world)
    need = await needs.opened()
    desk_too = Grant("provincial_desk", provinces=frozenset({"31"}))
    both = replace(world.pledger, grants=(*world.pledger.grants, desk_too))
    allocation = await promised(needs, need)
    await needs.delegate(need, by=both)
    with pytest.raises(RoleMissing):
        await answer(world, allocation, "accept")
    await needs.delegate(need)
    await answer(world, allocation, "accept")
    assert await world.value("SELECT state FROM allocations") == "held"
    assert await sound(world)


async def test_rows_of_a_merged_need_come_to_a_need_nobody_delegated(world: World):
    needs = await Needs.of(world)
    need, into = await needs.opened(), await needs.opened()
    allocation = await promised(needs, need)
    for each in (need, into):
        await needs.delegate(each)
    lines = (need.lines[0].need_line_id, into.lines[0].need_line_id)
    await merge(world, Twins(needs.crisis_id, need.need_id, lines[0], into.need_id, lines[1]))
    assert await world.value("SELECT count(*) FROM needs WHERE delegated_until IS NOT NULL") == 0
    told = [data.need for _, data in await events(world) if isinstance(data, NeedDelegationEnded)]
    assert told == [into.need_id]
    with pytest.raises(RoleMissing):
        await answer(world, allocation, "accept")
