"""Goods of a package stand in one place: what one offer of it holds is not promised by another."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from crisis.domain.packages import Package
from crisis.domain.refusals import SupplyExceeded
from crisis.usecases.allocation_step import Moved
from crisis.usecases.call_package import CallPackage, call_package
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.keep_package import verify_package
from crisis.usecases.withdraw_offer import WithdrawOffer, withdraw_offer
from imece_chassis.access.caller import Caller
from tests.db.crisis.correcting import corrected
from tests.db.crisis.offering import run
from tests.db.crisis.test_one_pledge import open_line
from tests.db.crisis.test_packages import a_need, kept, pledged
from tests.db.crisis.world import World, caller


async def called(
    world: World, package: Package, line: UUID, quantity: str, by: Caller | None = None
) -> Moved:
    command = CallPackage(package.package_id, line, quantity, "adet")
    return await run(world, lambda tx: call_package(tx, command, by or world.secretariat, world.tools))


async def two_lines(world: World) -> tuple[UUID, UUID]:
    crisis_id, first = await open_line(world)
    return first, (await world.open_need(crisis_id)).lines[0].need_line_id


async def test_what_one_call_holds_is_not_called_again(world: World):
    first, second = await two_lines(world)
    package = await kept(world, "300")
    row = (await called(world, package, first, "200")).rows[0].allocation_id
    with pytest.raises(SupplyExceeded) as refused:
        await called(world, package, second, "200")
    assert refused.value.facts == {"quantity": "200", "free": "100", "unit": "adet"}
    await world.accept(row, by=world.pledger)
    with pytest.raises(SupplyExceeded):
        await called(world, package, second, "200")
    assert (await called(world, package, second, "100")).rows[0].qty == 100
    assert not any((await check_ledger(world.database)).values())


async def test_two_desks_calling_the_same_package_share_what_there_is(world: World):
    lines = await two_lines(world)
    package = await kept(world, "300")
    desks = (world.secretariat, caller("secretariat"))
    done = await asyncio.gather(
        *(called(world, package, line, "200", desk) for line, desk in zip(lines, desks, strict=True)),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in done) == ["Moved", "SupplyExceeded"]
    assert await world.value("SELECT sum(reserved) FROM offer_line_balances") == 200


async def test_a_second_tap_promises_what_is_left_and_a_third_nothing(world: World):
    first, _ = await two_lines(world)
    package = await kept(world, "300")
    await called(world, package, first, "200")
    need_id = await world.value("SELECT need_id FROM need_lines WHERE need_line_id = $1", first)
    assert (await pledged(world, package, need_id)).rows[0].pledge.row.qty == 100
    with pytest.raises(SupplyExceeded) as refused:
        await pledged(world, package, need_id)
    assert refused.value.facts["free"] == "0"


async def test_goods_come_back_to_their_package_when_its_offer_is_taken_back(world: World):
    need = await a_need(world, "100")
    package = await kept(world, "100")
    offer = (await pledged(world, package, need.need_id)).offer
    back = WithdrawOffer(offer.offer_id, "no_funds")
    await run(world, lambda tx: withdraw_offer(tx, back, world.pledger, world.tools))
    assert (await pledged(world, package, need.need_id)).rows[0].pledge.row.qty == 100


async def test_stock_that_is_gone_is_not_called_of_the_package_either(world: World):
    first, second = await two_lines(world)
    package = await kept(world, "300")
    row = (await called(world, package, first, "200")).rows[0].allocation_id
    await world.withdraw(row, "stock_gone")
    with pytest.raises(SupplyExceeded) as refused:
        await called(world, package, second, "200")
    assert refused.value.facts["free"] == "100"


async def test_what_was_given_is_there_again_once_somebody_has_looked(world: World):
    first, second = await two_lines(world)
    package = await kept(world, "300")
    row = (await called(world, package, first, "200")).rows[0].allocation_id
    await world.accept(row, by=world.pledger)
    await corrected(world, row, confirmed="200")
    with pytest.raises(SupplyExceeded) as refused:
        await called(world, package, second, "200")
    assert refused.value.facts["free"] == "100"
    world.clock.advance(timedelta(hours=1))
    await run(world, lambda tx: verify_package(tx, package.package_id, world.pledger, world.tools))
    assert (await called(world, package, second, "300")).rows[0].qty == 300
