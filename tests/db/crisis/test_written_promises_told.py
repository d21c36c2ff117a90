"""What is told of a written promise names who wrote it, and its clocks wait for whoever answers it."""

from datetime import timedelta
from uuid import UUID

import pytest

from crisis.domain.conditions import ConditionRequest, ConditionType
from crisis.usecases.call_offer import CallOffer, call_offer
from crisis.usecases.request_release import RequestRelease, request_release
from imece_contracts.crisis import (
    AllocationEvent,
    AllocationProposed,
    AllocationWithdrawn,
    ConditionEvent,
    ConditionStated,
)
from imece_contracts.notifications import NoticeDelivered, NoticeUndelivered
from tests.db.crisis.at_the_desk import a_desk
from tests.db.crisis.noticed import notice
from tests.db.crisis.on_behalf import gets_access
from tests.db.crisis.test_on_behalf import Written
from tests.db.crisis.test_one_pledge import events
from tests.db.crisis.world import World


@pytest.fixture
async def written(world: World) -> Written:
    return await Written.of(world)


async def called(written: Written, *conditions: ConditionRequest) -> UUID:
    """A desk called goods that were written down; the clock that waits for the answer."""
    command = CallOffer(written.line, await written.free_line(), "10", "adet", conditions=conditions)
    moved = await written.do(call_offer, command, written.needs.desk)
    assert moved.rows[0].clock is not None
    return moved.rows[0].clock.deadline_id


async def test_every_event_of_a_written_promise_names_who_wrote_it(written: Written):
    due_at = written.world.clock.now() + timedelta(hours=20)
    await called(written, ConditionRequest(ConditionType.FUNDING_ARRIVES, due_at))
    await written.object()
    told = [data for _, data in await events(written.world)]
    concerned = [data for data in told if isinstance(data, AllocationEvent | ConditionEvent)]
    assert {data.on_behalf_by for data in concerned} == {written.writer.organisation_id}
    kinds = {type(data) for data in concerned}
    assert {AllocationProposed, AllocationWithdrawn, ConditionStated} <= kinds
    assert [data.reason for data in told if isinstance(data, AllocationWithdrawn)] == ["objection"]


async def test_a_call_stands_still_while_whoever_wrote_is_not_reached(written: Written):
    world, writer = written.world, written.writer.organisation_id
    clock = await called(written)
    assert not await notice(world, clock, NoticeUndelivered)
    assert await notice(world, clock, NoticeUndelivered, to=writer)
    assert not await notice(world, clock, NoticeDelivered)
    assert await notice(world, clock, NoticeDelivered, to=writer)


async def test_a_call_waits_for_the_pledger_once_it_has_access(written: Written):
    world = written.world
    clock = await called(written)
    await world.database.unit_of_work(lambda tx: gets_access(tx, world.pledger.organisation_id))
    assert not await notice(world, clock, NoticeUndelivered, to=written.writer.organisation_id)
    assert await notice(world, clock, NoticeUndelivered)


async def test_who_asks_for_held_goods_waits_for_whoever_wrote(written: Written):
    world = written.world
    await world.accept(written.allocation, by=written.needs.desk)
    asked = await written.do(
        request_release, RequestRelease(written.allocation, "no_movement"), written.needs.desk
    )
    clock = asked.request.deadline_id
    assert clock is not None
    assert not await notice(world, clock, NoticeUndelivered)
    assert await notice(world, clock, NoticeUndelivered, to=written.writer.organisation_id)


async def test_a_desk_that_wrote_is_not_whom_its_own_proposal_waits_for(written: Written):
    world = written.world
    clock = await world.value("SELECT deadline_id FROM allocations")
    desk = await a_desk(world, host=written.writer.organisation_id)
    assert not await notice(world, clock, NoticeUndelivered, to=desk.host_org_id)
