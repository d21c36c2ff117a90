"""Packages: kept true by a monthly check, pledged with one tap, called with an offer of their own."""

from datetime import timedelta
from uuid import UUID

import pytest

from crisis.domain.packages import Package, PackageState
from crisis.domain.refusals import AboveOwnThreshold, NotFound, PackageStale
from crisis.usecases.call_package import CallPackage, call_package
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.decline_allocation import DeclineAllocation, decline_allocation
from crisis.usecases.keep_package import OpenPackage, open_package, retire_package, verify_package
from crisis.usecases.pledge_package import PackagePledged, pledge_package
from crisis.usecases.set_thresholds import SetThresholds, set_thresholds
from tests.db.crisis.need_world import Needs
from tests.db.crisis.offering import offer_worker, run, state_of, tents
from tests.db.crisis.test_offers import types
from tests.db.crisis.test_one_pledge import events
from tests.db.crisis.test_terms_of_use import letting_through
from tests.db.crisis.world import TENT, World


async def kept(world: World, quantity: str = "200") -> Package:
    command = OpenPackage("TUR006", (tents(quantity),), ready_within_minutes=60)
    return await run(world, lambda tx: open_package(tx, command, world.pledger, world.tools))


async def pledged(world: World, package: Package, need_id: UUID) -> PackagePledged:
    return await run(
        world, lambda tx: pledge_package(tx, package.package_id, need_id, world.pledger, world.tools)
    )


async def a_need(world: World, quantity: str = "100"):
    crisis = await world.open_crisis()
    return await world.open_need(crisis.crisis_id, world.tents(quantity))


async def test_a_package_nobody_checks_is_stale_and_after_a_year_more_given_up(world: World):
    need = await a_need(world)
    package = await kept(world)
    assert package.verify_due_at == world.clock.now() + timedelta(days=30)
    assert await offer_worker(world).run_once() == 1
    state = "SELECT state FROM packages"
    assert await world.value(state) == "stale"
    with pytest.raises(PackageStale):
        await pledged(world, package, need.need_id)
    again = await run(world, lambda tx: verify_package(tx, package.package_id, world.pledger, world.tools))
    assert (again.state, again.version) == (PackageState.VERIFIED, 3)
    world.clock.advance(-timedelta(days=365))
    assert [await offer_worker(world).run_once() for _ in range(3)] == [1, 1, 0]
    assert await world.value(state) == "retired"
    told = [envelope for envelope, _ in await events(world) if envelope.key == str(package.package_id)]
    assert [(each.type, each.sequence) for each in told] == [
        ("crisis.package.verified", 1),
        ("crisis.package.stale", 2),
        ("crisis.package.verified", 3),
        ("crisis.package.stale", 4),
    ]


async def test_a_package_that_is_given_up_is_told_once(world: World):
    package = await kept(world)
    gone = await run(world, lambda tx: retire_package(tx, package.package_id, world.pledger, world.tools))
    assert (gone.state, gone.clock) == (PackageState.RETIRED, None)
    assert [name for name in await types(world) if "package" in name] == [
        "crisis.package.verified",
        "crisis.package.stale",
    ]
    assert await world.value("SELECT count(*) FROM deadlines WHERE state = 'pending'") == 0


async def test_one_tap_makes_offer_and_proposal_and_waits_where_there_is_no_room(world: World):
    need = await a_need(world, "100")
    first = await pledged(world, await kept(world, "100"), need.need_id)
    await world.accept(first.rows[0].pledge.row.allocation_id)
    package = await kept(world, "100")
    second = await pledged(world, package, need.need_id)
    assert [row.pledge.row.state for row in (*first.rows, *second.rows)] == ["proposed", "waitlisted"]
    assert second.offer.package_id == package.package_id
    assert (await types(world))[-2:] == ["crisis.offer.opened", "crisis.allocation.waitlisted"]
    assert not any((await check_ledger(world.database)).values())


async def test_one_tap_is_enough_where_no_person_is_needed_to_accept(world: World):
    crisis_id, line = await letting_through(world)
    need_id = await world.value("SELECT need_id FROM need_lines WHERE need_line_id = $1", line)
    done = await pledged(world, await kept(world, "100"), need_id)
    assert [row.pledge.row.state for row in done.rows] == ["held"]
    assert (await types(world))[-2:] == ["crisis.allocation.proposed", "crisis.allocation.held"]
    assert await world.value("SELECT crisis_id FROM offers") == crisis_id
    assert not any((await check_ledger(world.database)).values())


async def test_a_draft_of_others_is_nothing_a_package_could_be_pledged_to(world: World):
    needs = await Needs.of(world)
    draft = (await needs.draft()).need
    with pytest.raises(NotFound):
        await pledged(world, await kept(world), draft.need_id)


async def test_above_its_own_threshold_a_package_is_not_pledged_with_one_tap(world: World):
    need = await a_need(world, "100")
    package = await kept(world, "100")
    await run(
        world, lambda tx: set_thresholds(tx, SetThresholds({TENT: "99"}, {}), world.pledger, world.tools)
    )
    with pytest.raises(AboveOwnThreshold):
        await pledged(world, package, need.need_id)


async def test_the_offer_of_a_call_ends_with_it(world: World):
    need = await a_need(world, "100")
    package = await kept(world, "100")
    command = CallPackage(package.package_id, need.lines[0].need_line_id, "60", "adet")
    call = await run(world, lambda tx: call_package(tx, command, world.secretariat, world.tools))
    offer_id = await world.value("SELECT offer_id FROM offers WHERE ends_with_call")
    assert await state_of(world, offer_id) == ("open", None)
    no = DeclineAllocation(call.rows[0].allocation_id, "not_suitable")
    await run(world, lambda tx: decline_allocation(tx, no, world.pledger, world.tools))
    worker = offer_worker(world)
    await run(
        world,
        lambda tx: tx.execute("UPDATE deadlines SET due_at = 'infinity' WHERE kind = 'offer.available'"),
    )
    await worker.run_once()
    assert await state_of(world, offer_id) == ("closed", "call_ended")
    assert (await types(world))[-1] != "crisis.offer.opened"
    assert not any((await check_ledger(world.database)).values())
