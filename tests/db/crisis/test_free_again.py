"""Goods that are free again are called at once wherever they wait, whatever made them free."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from crisis.domain.answers import Rest
from crisis.domain.states import Timer
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.decline_allocation import DeclineAllocation, decline_allocation
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from tests.db.crisis.lock_waits import somebody_waits
from tests.db.crisis.promoting import full_line, promote, silent, states, waits
from tests.db.crisis.terms import call
from tests.db.crisis.test_holding import ask, reply
from tests.db.crisis.world import World

STOCK = "SELECT offer_line_id FROM allocations WHERE pledger_org_id = $1"
PENDING = "SELECT count(*) FROM deadlines WHERE kind = $1 AND state = 'pending'"


async def bound_elsewhere(world: World) -> tuple[UUID, Caller, UUID]:
    """A line with room, who waits for it, and the call of another line that binds all they have."""
    crisis, line, row = await full_line(world)
    who = await waits(world, crisis, line, "100")
    other = (await world.open_need(crisis)).lines[0].need_line_id
    stock = await world.value(STOCK, who.organisation_id)
    called = (await call(world, other, stock, "100")).rows[0].allocation_id
    await world.withdraw(row)
    return line, who, called


async def decline(world: World, row: UUID, who: Caller) -> None:
    await world.decline(row, "cannot_give", by=who)


async def let_expire(world: World, row: UUID, who: Caller) -> None:
    assert await silent(world, row)


async def take_less(world: World, row: UUID, who: Caller) -> None:
    await world.accept(row, "1", Rest.DECLINE, by=who)


async def hold_and_withdraw(world: World, row: UUID, who: Caller) -> None:
    await world.accept(row, by=who)
    await world.withdraw(row, by=who)


async def hold_and_expire(world: World, row: UUID, who: Caller) -> None:
    await world.accept(row, by=who)
    assert await silent(world, row, Timer.HOLD)


async def hold_and_let_go(world: World, row: UUID, who: Caller) -> None:
    await world.accept(row, by=who)
    await reply(world, (await ask(world, row)).request.request_id, who, agrees=True)


FREED = (decline, let_expire, take_less, hold_and_withdraw, hold_and_expire, hold_and_let_go)


@pytest.mark.parametrize("free", FREED, ids=lambda free: free.__name__)
async def test_what_is_free_again_is_called_where_it_waits(
    world: World, free: Callable[[World, UUID, Caller], Awaitable[None]]
):
    line, who, called = await bound_elsewhere(world)
    assert await promote(world, line) == 0, "nothing is free"
    assert await world.value(PENDING, Timer.PROMOTE) == 0
    await free(world, called, who)
    assert await promote(world, line) == 1
    assert ("proposed", 99 if free is take_less else 100) in await states(world, line, who)
    assert not any((await check_ledger(world.database)).values())


async def test_goods_that_become_free_during_a_look_are_seen_by_it(world: World):
    """Who frees them has not committed when the look finds nothing, and finds its deadline still pending."""
    line, who, called = await bound_elsewhere(world)
    freed, looked = asyncio.Event(), asyncio.Event()

    async def freeing(tx: Transaction) -> None:
        await decline_allocation(tx, DeclineAllocation(called, "cannot_give"), who, world.tools)
        freed.set()
        await looked.wait()

    other = asyncio.create_task(world.database.unit_of_work(freeing))
    await freed.wait()
    look = asyncio.create_task(promote(world, line))
    await somebody_waits(world)
    looked.set()
    await other
    assert await look == 1
    assert await states(world, line, who) == [("proposed", 100)]
