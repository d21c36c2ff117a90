"""Goods put up for a promise that came to nothing are matched anew, or go back to whoever took them back."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from crisis.domain.answers import Rest
from crisis.domain.states import Timer
from crisis.store.offer_lists import MatchFilter
from crisis.usecases import reading_offers
from crisis.usecases.check_ledger import check_ledger
from tests.db.crisis.offering import state_of
from tests.db.crisis.promoting import silent, waits
from tests.db.crisis.test_holding import ask, reply
from tests.db.crisis.test_offer_ends import settler
from tests.db.crisis.test_offers import offer_of
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.test_packages import a_need, kept, pledged
from tests.db.crisis.world import World

End = Callable[[World, UUID], Awaitable[object]]


async def queue(world: World, crisis_id: UUID) -> list[UUID]:
    wanted = MatchFilter(crisis_id, world.clock.now())
    shown = await world.database.snapshot(
        lambda tx: reading_offers.match_queue(tx, world.secretariat, wanted, None, 10)
    )
    return [each.offer.offer_id for each in shown.rows]


async def a_pledge(world: World, crisis_id: UUID, line: UUID) -> UUID:
    return UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])


async def declined(world: World, row: UUID) -> None:
    await world.decline(row)


async def unanswered(world: World, row: UUID) -> None:
    assert await silent(world, row)


async def released(world: World, row: UUID) -> None:
    await world.accept(row)
    await reply(world, (await ask(world, row)).request.request_id, agrees=True)


async def left_lying(world: World, row: UUID) -> None:
    await world.accept(row)
    assert await silent(world, row, Timer.HOLD)


@pytest.mark.parametrize("end", [declined, unanswered, released, left_lying])
async def test_goods_whose_promise_came_to_nothing_wait_to_be_matched(world: World, end: End):
    crisis_id, line = await open_line(world)
    row = await a_pledge(world, crisis_id, line)
    offer_id = await offer_of(world, row)
    assert await queue(world, crisis_id) == []
    await end(world, row)
    assert await settler(world).run_once() == 1
    assert await queue(world, crisis_id) == [offer_id]
    (task,) = await world.rows("SELECT subject_id, state FROM tasks WHERE kind = 'match_offer'")
    assert (task["subject_id"], task["state"]) == (offer_id, "open")
    assert (await state_of(world, offer_id))[0] == "open"
    assert not any((await check_ledger(world.database)).values())


async def test_goods_their_pledger_took_back_are_offered_no_longer(world: World):
    crisis_id, line = await open_line(world)
    row = await a_pledge(world, crisis_id, line)
    await world.withdraw(row)
    assert await settler(world).run_once() == 1
    assert await state_of(world, await offer_of(world, row)) == ("closed", "pledge_ended")
    assert not any((await check_ledger(world.database)).values())


async def test_goods_that_waited_in_vain_wait_to_be_matched_or_are_taken_back(world: World):
    crisis_id, line = await open_line(world, "10")
    await world.accept(await a_pledge(world, crisis_id, line))
    await waits(world, crisis_id, line, "20")
    who = await waits(world, crisis_id, line, "30")
    rows = await world.rows(
        "SELECT allocation_id FROM allocations WHERE state = 'waitlisted' ORDER BY allocation_id"
    )
    in_vain, taken_back = (row["allocation_id"] for row in rows)
    assert await silent(world, in_vain, Timer.WAITING)
    await world.withdraw(taken_back, by=who)
    assert await settler(world).run_once() == 2
    assert await queue(world, crisis_id) == [await offer_of(world, in_vain)]
    assert await state_of(world, await offer_of(world, taken_back)) == ("closed", "pledge_ended")


async def test_an_offer_of_which_a_part_is_promised_or_waits_is_not_left_over(world: World):
    crisis_id, line = await open_line(world)
    row = await a_pledge(world, crisis_id, line)
    pieces = (await world.accept(row, "4", Rest.WAITLIST)).rows
    held, waiting = (piece.allocation_id for piece in pieces)
    await world.withdraw(held, "transport_lost")
    while await settler(world).run_once():
        continue
    assert (await state_of(world, await offer_of(world, row)))[0] == "open"
    assert await queue(world, crisis_id) == []
    assert await silent(world, waiting, Timer.WAITING)
    assert await settler(world).run_once() == 1
    assert await queue(world, crisis_id) == [await offer_of(world, row)]


async def test_goods_of_a_package_go_back_to_it(world: World):
    need = await a_need(world, "100")
    package = await kept(world, "100")
    row = (await pledged(world, package, need.need_id)).rows[0].pledge.row.allocation_id
    await world.decline(row)
    assert await settler(world).run_once() == 1
    assert await state_of(world, await offer_of(world, row)) == ("closed", "pledge_ended")
    assert (await pledged(world, package, need.need_id)).rows[0].pledge.row.qty == 100
