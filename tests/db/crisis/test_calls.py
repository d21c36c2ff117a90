"""Goods of an offer that exists: pledged by their owner or called by a desk, never promised twice."""

import asyncio
from uuid import UUID

import pytest

from crisis.domain.answers import Rest
from crisis.domain.refusals import (
    AllocationNotInState,
    GapExceeded,
    ItemNotEqual,
    NeedStale,
    NotACall,
    NotFound,
    RoleMissing,
    SameParty,
    StepBroken,
    SupplyExceeded,
)
from crisis.usecases.cancel_call import CancelCall, cancel_call
from crisis.usecases.check_ledger import check_ledger
from imece_chassis.access.caller import Caller
from imece_contracts.crisis import AllocationDeclined, AllocationProposed, AllocationReleased, OfferRevised
from tests.db.crisis.terms import an_offer_line, call, free_of, pledged_from, run, state_of
from tests.db.crisis.test_one_pledge import body, events, open_line
from tests.db.crisis.world import World, caller


async def cancel(world: World, allocation: UUID, by: Caller | None = None):
    command = CancelCall(allocation, "better_source")
    return await run(world, lambda tx: cancel_call(tx, command, by or world.secretariat, world.tools))


async def test_a2_two_desks_calling_the_same_stock_share_what_there_is(world: World):
    crisis_id, first = await open_line(world)
    second = (await world.open_need(crisis_id)).lines[0].need_line_id
    for _ in range(10):
        offer_line = await an_offer_line(world, crisis_id, "300", by=caller("pledger"))
        desks = caller("provincial_desk"), caller("secretariat")
        answers = await asyncio.gather(
            call(world, first, offer_line, "200", desks[0]),
            call(world, second, offer_line, "200", desks[1]),
            return_exceptions=True,
        )
        (refused,) = [answer for answer in answers if isinstance(answer, BaseException)]
        assert isinstance(refused, SupplyExceeded), refused
        assert refused.facts == {"quantity": "200", "free": "100", "unit": "adet"}
        assert await free_of(world, offer_line) == 100
    assert not any((await check_ledger(world.database)).values())


async def test_the_pledger_takes_a_call_and_the_desk_cannot_do_it_for_them(world: World):
    crisis_id, line = await open_line(world)
    offer_line = await an_offer_line(world, crisis_id)
    (row,) = (await call(world, line, offer_line)).rows
    assert (row.awaiting, row.initiated_by, row.desk_org_id) == (
        "pledger", "desk", world.secretariat.organisation_id,
    )  # fmt: skip
    with pytest.raises(RoleMissing):
        await world.accept(row.allocation_id)
    moved = await world.accept(row.allocation_id, "150", Rest.DECLINE, by=world.pledger)
    assert [(piece.state, int(piece.qty)) for piece in moved.rows] == [("held", 150), ("declined", 50)]
    assert await free_of(world, offer_line) == 150
    logged = await world.rows(
        "SELECT actor_org_id, counterparty_org_id FROM command_log WHERE command = 'accept_allocation'"
    )
    assert [tuple(each) for each in logged] == [
        (world.pledger.organisation_id, world.secretariat.organisation_id)
    ]
    (told,) = [data for _, data in await events(world) if isinstance(data, AllocationProposed)]
    assert told.awaiting == "pledger"


async def test_the_pledger_declines_a_call_and_the_desk_takes_its_own_back(world: World):
    crisis_id, line = await open_line(world)
    offer_line = await an_offer_line(world, crisis_id)
    (row,) = (await call(world, line, offer_line)).rows
    await world.decline(row.allocation_id, "cannot_give", by=world.pledger)
    assert await state_of(world, row.allocation_id) == "declined"
    (row,) = (await call(world, line, offer_line)).rows
    with pytest.raises(RoleMissing):
        await cancel(world, row.allocation_id, by=world.pledger)
    await cancel(world, row.allocation_id)
    with pytest.raises(AllocationNotInState):
        await world.accept(row.allocation_id, by=world.pledger)
    assert await free_of(world, offer_line) == 300
    (told,) = [data for _, data in await events(world) if isinstance(data, AllocationReleased)]
    assert (told.reason, told.from_state) == ("better_source", "proposed")
    (said,) = [data for _, data in await events(world) if isinstance(data, AllocationDeclined)]
    assert said.alternatives is None
    assert not any((await check_ledger(world.database)).values())


async def test_only_a_call_is_cancelled_by_a_desk(world: World):
    crisis_id, line = await open_line(world)
    pledge = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    with pytest.raises(NotACall):
        await cancel(world, pledge)


async def test_a_desk_does_not_call_for_stale_full_or_its_own(world: World):
    crisis_id, line = await open_line(world, "100")
    offer_line = await an_offer_line(world, crisis_id)
    with pytest.raises(RoleMissing):
        await call(world, line, offer_line, by=caller("provincial_desk", provinces=frozenset({"06"})))
    with pytest.raises(NotFound):
        await call(world, line, UUID(int=9))
    both = caller("pledger", "secretariat")
    own = await an_offer_line(world, crisis_id, by=both)
    with pytest.raises(SameParty):
        await call(world, line, own, by=both)
    await run(world, lambda tx: tx.execute("UPDATE needs SET is_stale = true"))
    with pytest.raises(NeedStale):
        await call(world, line, offer_line, "50")
    await run(world, lambda tx: tx.execute("UPDATE needs SET is_stale = false"))
    held = await pledged_from(world, crisis_id, line, offer_line, "100")
    await world.accept(held)
    with pytest.raises(GapExceeded):
        await call(world, line, offer_line, "50")


async def test_a_pledge_from_an_offer_takes_what_is_free_in_whole_steps(world: World):
    crisis_id, line = await open_line(world)
    offer_line = await an_offer_line(world, crisis_id, "105", step="10")
    refused = body(await world.pledge(crisis_id, line, "200", offer_line_id=offer_line), 409)
    assert (refused["code"], refused["free"]) == ("supply_exceeded", "105")
    refused = body(await world.pledge(crisis_id, line, "15", offer_line_id=offer_line), 422)
    assert (refused["code"], refused["step"]) == ("step_broken", "10")
    first = await pledged_from(world, crisis_id, line, offer_line, "100")
    rest = await pledged_from(world, crisis_id, line, offer_line, "5")
    assert await free_of(world, offer_line) == 0
    await world.accept(first)
    await world.withdraw(rest)
    assert await free_of(world, offer_line) == 5
    assert await world.value("SELECT count(*) FROM offers") == 1
    assert not any((await check_ledger(world.database)).values())


async def test_pledges_of_one_batch_from_one_offer_see_each_other(world: World):
    crisis_id, line = await open_line(world)
    offer_line = await an_offer_line(world, crisis_id, "100")
    commands = [world.pledging(crisis_id, line, "40", offer_line_id=offer_line) for _ in range(3)]
    first, second, third = await world.propose(commands)
    assert body(first)["state"] == body(second)["state"] == "proposed"
    assert body(third, 409)["free"] == "20"
    assert await free_of(world, offer_line) == 20


async def test_nobody_pledges_from_another_organisations_offer(world: World):
    crisis_id, line = await open_line(world)
    offer_line = await an_offer_line(world, crisis_id)
    refused = body(
        await world.pledge(crisis_id, line, "10", caller("pledger"), offer_line_id=offer_line), 404
    )
    assert refused["kind"] == "offer line"


async def test_the_asker_cannot_pledge_to_itself(world: World):
    world.asker = caller("asker", "pledger")
    crisis_id, line = await open_line(world)
    assert body(await world.pledge(crisis_id, line, "10", world.asker), 409)["code"] == "same_party"


async def test_another_item_is_refused_where_nothing_may_stand_in(world: World):
    crisis_id, line = await open_line(world)
    offer_line = await an_offer_line(world, crisis_id, item_code="SHL-TENT-6P")
    with pytest.raises(ItemNotEqual):
        await call(world, line, offer_line)


def test_step_and_supply_are_two_refusals():
    assert StepBroken.status == 422 and SupplyExceeded.status == 409


async def test_stock_that_is_gone_leaves_the_offer_and_is_not_promised_again(world: World):
    crisis_id, line = await open_line(world)
    offer_line = await an_offer_line(world, crisis_id, "300")
    first = await pledged_from(world, crisis_id, line, offer_line, "200")
    await pledged_from(world, crisis_id, line, offer_line, "50")
    await world.accept(first)
    await world.withdraw(first, "stock_gone")
    assert await world.value("SELECT qty::int FROM offer_line_balances") == 100
    assert await free_of(world, offer_line) == 50
    (told,) = [data for _, data in await events(world) if isinstance(data, OfferRevised)]
    assert (told.before, told.after) == (300, 100)
    assert not any((await check_ledger(world.database)).values())
