"""A proposal the desk does not answer calls the deputy, then the secretariat, until somebody answers."""

from datetime import timedelta
from uuid import UUID

import pytest

from crisis.domain.clocks import Urgency
from crisis.domain.tasks import Seat, TaskKind, TaskState
from crisis.usecases.silent_desk import DESK_SILENT
from crisis.usecases.tasks import OVERDUE
from tests.db.crisis.at_the_desk import a_desk, about, clocks
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.world import World


async def silent_for(world: World) -> timedelta:
    due = await world.value("SELECT due_at FROM deadlines WHERE kind = $1 AND state = 'pending'", DESK_SILENT)
    return due - world.clock.now()


@pytest.mark.parametrize(
    ("urgency", "minutes"), [(Urgency.LIFE_SAVING, 30), (Urgency.URGENT, 240), (Urgency.NORMAL, 1440)]
)
async def test_the_clock_of_a_silent_desk_runs_by_urgency(world: World, urgency: Urgency, minutes: int):
    crisis = await world.open_crisis()
    need = await world.open_need(crisis.crisis_id, world.tents("100"), urgency=urgency)
    await world.pledge(crisis.crisis_id, need.lines[0].need_line_id, "10")
    assert await silent_for(world) == timedelta(minutes=minutes)


async def test_the_deputy_is_called_then_the_officer_and_again_until_it_is_answered(world: World):
    crisis_id, line = await open_line(world)
    desk = await a_desk(world)
    allocation = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    await world.pledge(crisis_id, line, "20")
    assert await world.value("SELECT count(*) FROM deadlines WHERE kind = $1", DESK_SILENT) == 1
    world.clock.advance(timedelta(hours=4))
    assert await clocks(world, DESK_SILENT) == 1
    (task,) = await about(world, line)
    assert (task.kind, task.post.desk_id, task.post.seat) == (
        TaskKind.SILENT_DESK,
        desk.desk_id,
        Seat.DEPUTY,
    )
    for _ in range(3):
        world.clock.advance(timedelta(hours=4))
        assert await clocks(world, OVERDUE) == 1
    (task,) = await about(world, line)
    assert (task.post.seat, task.escalations) == (Seat.OFFICER, 3)
    await world.accept(allocation)
    other = await world.value("SELECT allocation_id FROM allocations WHERE state = 'proposed'")
    await world.decline(other)
    await clocks(world, OVERDUE)
    (task,) = await about(world, line)
    assert (task.state, task.outcome, task.done_by_org_id) == (TaskState.DONE, "settled", None)
    assert await clocks(world, DESK_SILENT, OVERDUE) == 0


async def test_a_desk_that_answered_is_not_called(world: World):
    crisis_id, line = await open_line(world)
    allocation = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    await world.accept(allocation)
    assert await clocks(world, DESK_SILENT) == 1
    assert await about(world, line) == []
    assert await clocks(world, DESK_SILENT) == 0


async def test_a_newer_proposal_gives_the_desk_its_own_time(world: World):
    crisis_id, line = await open_line(world)
    first = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    world.clock.advance(timedelta(hours=3))
    await world.pledge(crisis_id, line, "20")
    await world.decline(first)
    world.clock.advance(timedelta(hours=1))
    await clocks(world, DESK_SILENT)
    assert await about(world, line) == []
    assert await silent_for(world) == timedelta(hours=3)


async def test_a_desk_hosted_by_the_pledger_hands_over_to_the_secretariat(world: World):
    crisis_id, line = await open_line(world)
    await a_desk(world, world.pledger.organisation_id)
    await world.pledge(crisis_id, line, "10")
    world.clock.advance(timedelta(hours=4))
    await clocks(world, DESK_SILENT)
    (task,) = await about(world, line)
    assert (task.post.desk_id, task.post.seat) == (None, Seat.OFFICER)
