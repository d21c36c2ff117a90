"""Desks and watches: who may seat whom, and that nobody sits twice at once."""

import asyncio
from datetime import timedelta

import pytest

from crisis.domain.desks import Watch
from crisis.domain.refusals import (
    CrisisNotInState,
    DeskClosed,
    DeskIdTaken,
    NotFound,
    RoleMissing,
    WatchEnded,
    WatchIdTaken,
    WatchOverlaps,
)
from crisis.domain.tasks import Seat
from crisis.usecases.dismiss_crisis import DismissCrisis, dismiss_crisis
from crisis.usecases.open_desk import ChangeDesk, change_desk
from crisis.usecases.propose_crisis import Heard
from crisis.usecases.seat_watch import duty, end_watch
from imece_chassis.access.caller import Caller
from imece_chassis.ids import uuid7
from imece_contracts.crisis import WatchChanged
from tests.db.crisis.at_the_desk import a_desk, a_report, a_watch, run
from tests.db.crisis.test_one_pledge import events
from tests.db.crisis.world import World, caller


async def seated(world: World, by: Caller | None = None) -> list[str]:
    who, now = by or world.secretariat, world.clock.now()
    found = await world.database.snapshot(lambda tx: duty(tx, who, now, None, None, 10))
    return [watch.person_ref for _, watch in found]


async def test_only_the_secretariat_opens_and_changes_desks(world: World):
    desk = await a_desk(world)
    assert (await a_desk(world, desk_id=desk.desk_id)).version == 1
    with pytest.raises(RoleMissing):
        await run(world, change_desk, ChangeDesk(desk.desk_id, is_active=False), caller("provincial_desk"))
    after = await run(world, change_desk, ChangeDesk(desk.desk_id, item_groups=("su",), is_active=False))
    assert (after.item_groups, after.is_active, after.version) == (("su",), False, 2)
    with pytest.raises(DeskClosed):
        await a_watch(world, desk)
    with pytest.raises(NotFound):
        await run(world, change_desk, ChangeDesk(uuid7()))


async def test_a_desk_of_a_crisis_that_is_over_is_refused(world: World):
    proposal, heard = await a_report(world)
    assert heard is Heard.PROPOSED
    await a_desk(world, crisis_id=proposal.crisis_id)
    await run(world, dismiss_crisis, DismissCrisis(proposal.crisis_id, "test"))
    with pytest.raises(CrisisNotInState):
        await a_desk(world, crisis_id=proposal.crisis_id)
    with pytest.raises(NotFound):
        await a_desk(world, crisis_id=uuid7())


async def test_the_host_seats_its_own_watches_and_no_others(world: World):
    host, other = caller("pledger"), caller("provincial_desk")
    own = await a_desk(world, host.organisation_id)
    await a_watch(world, own, host)
    for stranger in (other, caller("asker")):
        with pytest.raises(RoleMissing):
            await a_watch(world, own, stranger, person_ref="person_0002", seat=Seat.DEPUTY)
    assert await seated(world, host) == ["person_0001"]
    assert await seated(world, caller("asker")) == []
    assert await seated(world, other) == ["person_0001"]


async def test_nobody_sits_twice_at_once_and_no_seat_is_taken_twice(world: World):
    first, second = await a_desk(world), await a_desk(world)
    await a_watch(world, first)
    with pytest.raises(WatchOverlaps) as refused:
        await a_watch(world, second)
    assert refused.value.facts["same"] == "person"
    with pytest.raises(WatchOverlaps) as refused:
        await a_watch(world, first, person_ref="person_0002")
    assert refused.value.facts["same"] == "seat"
    next_shift = world.clock.now() + timedelta(hours=8)
    await a_watch(world, second, since=next_shift, until=next_shift + timedelta(hours=8))
    await a_watch(world, first, person_ref="person_0002", seat=Seat.DEPUTY)


async def test_an_id_of_another_watch_is_refused_and_its_own_answers_again(world: World):
    host = caller("pledger")
    own, foreign = await a_desk(world, host.organisation_id), await a_desk(world)
    kept = await a_watch(world, foreign)
    with pytest.raises(WatchIdTaken):
        await a_watch(world, own, host, watch_id=kept.watch_id, person_ref="person_0002")
    assert await a_watch(world, foreign, watch_id=kept.watch_id) == kept
    watch_id = uuid7()
    both = await asyncio.gather(
        *(a_watch(world, own, host, watch_id=watch_id, person_ref="person_0003") for _ in range(4))
    )
    assert {watch.watch_id for watch in both} == {watch_id}
    assert await world.value("SELECT count(*) FROM watches") == 2


async def test_a_desk_opened_twice_at_once_is_one_and_another_one_needs_another_id(world: World):
    desk_id = uuid7()
    both = await asyncio.gather(*(a_desk(world, desk_id=desk_id) for _ in range(4)))
    assert {desk.desk_id for desk in both} == {desk_id}
    assert await world.value("SELECT count(*) FROM desks") == 1
    with pytest.raises(DeskIdTaken):
        await a_desk(world, uuid7(), desk_id=desk_id)


async def test_two_desks_that_want_one_person_at_once_get_one(world: World):
    desks = [await a_desk(world) for _ in range(4)]
    outcomes = await asyncio.gather(*(a_watch(world, desk) for desk in desks), return_exceptions=True)
    assert sum(isinstance(outcome, Watch) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, WatchOverlaps) for outcome in outcomes) == 3


async def test_a_watch_that_ends_early_leaves_the_person_free(world: World):
    desk = await a_desk(world)
    watch = await a_watch(world, desk)
    world.clock.advance(timedelta(hours=1))
    kept = await run(world, end_watch, watch.watch_id)
    assert kept is not None and kept.until == world.clock.now()
    assert await seated(world) == []
    with pytest.raises(WatchEnded):
        await run(world, end_watch, watch.watch_id)
    tomorrow = world.clock.now() + timedelta(days=1)
    planned = await a_watch(world, desk, since=tomorrow, until=tomorrow + timedelta(hours=8))
    assert await run(world, end_watch, planned.watch_id) is None


async def test_a_watch_is_told_by_opaque_reference_and_without_a_crisis(world: World):
    watch = await a_watch(world, await a_desk(world))
    world.clock.advance(timedelta(hours=1))
    await run(world, end_watch, watch.watch_id)
    told = [(envelope, data) for envelope, data in await events(world) if isinstance(data, WatchChanged)]
    assert [(data.change, data.person_ref) for _, data in told] == [
        ("seated", "person_0001"),
        ("ended", "person_0001"),
    ]
    assert told[0][0].crisis_id is None
    assert await world.value("SELECT crisis_id FROM command_log WHERE command = 'seat_watch'") is None
