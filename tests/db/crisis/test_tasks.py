"""A task climbs until somebody ends it, and nothing about it ends in silence."""

from datetime import timedelta

import pytest

from crisis.domain.desks import DeskLevel
from crisis.domain.refusals import NotFound, ReasonUnknown, TaskDone
from crisis.domain.tasks import Seat, TaskKind, TaskState
from crisis.store.tasks import TaskFilter, page
from crisis.usecases.finish_task import FinishTask, finish_task
from crisis.usecases.tasks import OVERDUE, settle_tasks
from crisis.usecases.tools import story_of
from imece_chassis.ids import uuid7
from tests.db.crisis.at_the_desk import a_desk, a_task, clocks, run, the_task
from tests.db.crisis.test_one_pledge import events
from tests.db.crisis.world import HATAY, World, caller


async def test_a_task_goes_to_the_most_particular_desk(world: World):
    crisis = await world.open_crisis()
    await a_desk(world, area=("TUR046",))
    await a_desk(world)
    of_group = await a_desk(world, item_groups=("barinma",))
    of_crisis = await a_desk(world, crisis_id=crisis.crisis_id)
    assert (await the_task(world, await a_task(world, crisis))).post.desk_id == of_crisis.desk_id
    sheltered = await the_task(world, await a_task(world, crisis, item_group="barinma"))
    assert sheltered.post.desk_id == of_crisis.desk_id
    other = await world.open_crisis()
    assert (await the_task(world, await a_task(world, other, item_group="barinma"))).post.desk_id == (
        of_group.desk_id
    )


async def test_a_place_without_desk_is_the_secretariats(world: World):
    crisis = await world.open_crisis()
    task = await the_task(world, await a_task(world, crisis))
    assert (task.post.desk_id, task.post.seat) == (None, Seat.OFFICER)
    desk = await a_desk(world, level=DeskLevel.SECRETARIAT, area=())
    task = await the_task(world, await a_task(world, crisis))
    assert (task.post.desk_id, task.post.seat) == (desk.desk_id, Seat.PRIMARY)


async def test_the_same_demand_finds_the_task_that_waits(world: World):
    crisis, subject = await world.open_crisis(), uuid7()
    first = await a_task(world, crisis, subject_id=subject)
    assert await a_task(world, crisis, subject_id=subject) == first
    assert await a_task(world, crisis, subject_id=subject, kind=TaskKind.APPEAL) != first


async def test_an_unanswered_task_climbs_to_the_officer_and_is_told_again_and_again(world: World):
    crisis, desk = await world.open_crisis(), await a_desk(world)
    task_id = await a_task(world, crisis)
    seats: list[Seat] = []
    for _ in range(5):
        world.clock.advance(timedelta(hours=4))
        assert await clocks(world, OVERDUE) == 1
        task = await the_task(world, task_id)
        assert task.state is TaskState.OVERDUE
        seats.append(task.post.seat)
    assert seats == [Seat.DEPUTY, *[Seat.OFFICER] * 4]
    assert (
        await world.value("SELECT count(*) FROM deadlines WHERE kind = $1 AND state = 'pending'", OVERDUE)
        == 1
    )
    told = [
        (envelope.type.rpartition(".")[2], envelope.sequence, getattr(data, "seat", None))
        for envelope, data in await events(world)
        if envelope.topic == "crisis.tasks.v1"
    ]
    assert told == [
        ("opened", 1, "primary"),
        ("reassigned", 2, "deputy"),
        ("reassigned", 3, "officer"),
        ("overdue", 4, "officer"),
        ("overdue", 5, "officer"),
        ("overdue", 6, "officer"),
    ]
    assert (await the_task(world, task_id)).due_at == task.due_at
    assert desk.is_active


async def test_the_next_seat_has_as_long_as_a_desk_may_be_silent(world: World):
    crisis = await world.open_crisis()
    await a_desk(world)
    task_id = await a_task(world, crisis)
    world.clock.advance(timedelta(hours=2))
    await clocks(world, OVERDUE)
    task = await the_task(world, task_id)
    due = await world.value("SELECT due_at FROM deadlines WHERE deadline_id = $1", task.deadline_id)
    assert due == world.clock.now() + timedelta(hours=4)


async def test_a_task_that_is_done_waits_no_more_and_is_done_once(world: World):
    crisis = await world.open_crisis()
    task_id = await a_task(world, crisis)
    done = await run(world, finish_task, FinishTask(task_id, "done"))
    assert (done.state, done.outcome, done.deadline_id) == (TaskState.DONE, "done", None)
    assert await clocks(world, OVERDUE) == 0
    with pytest.raises(TaskDone):
        await run(world, finish_task, FinishTask(task_id, "done"))
    with pytest.raises(ReasonUnknown):
        await run(world, finish_task, FinishTask(await a_task(world, crisis), "bored"))


async def test_only_a_desk_of_the_place_or_its_host_ends_a_task(world: World):
    crisis, host = await world.open_crisis(), caller("pledger")
    await a_desk(world, host.organisation_id)
    near = caller("provincial_desk", provinces=frozenset({"31"}))
    far = caller("provincial_desk", provinces=frozenset({"06"}))
    task_id = await a_task(world, crisis)
    for stranger in (far, caller("asker")):
        with pytest.raises(NotFound):
            await run(world, finish_task, FinishTask(task_id, "done"), stranger)
    await run(world, finish_task, FinishTask(task_id, "done"), near)
    await run(world, finish_task, FinishTask(await a_task(world, crisis), "done"), host)


async def test_a_command_settles_what_waits_for_its_subject(world: World):
    crisis, subject = await world.open_crisis(), uuid7()
    kept = await a_task(world, crisis, subject_id=subject, kind=TaskKind.APPEAL)
    ended = await a_task(world, crisis, subject_id=subject)
    story = story_of(world.secretariat, "secretariat", uuid7(), crisis.crisis_id, False, world.clock.now())
    count = await world.database.unit_of_work(
        lambda tx: settle_tasks(
            tx,
            subject_type="need",
            subject_id=subject,
            outcome="returned again",
            kinds=(TaskKind.RETURNED_NEED,),
            story=story,
            tools=world.tools,
        )
    )
    assert count == 1
    assert (await the_task(world, ended)).outcome == "returned again"
    assert (await the_task(world, kept)).state is TaskState.OPEN


async def test_the_list_is_narrowed_by_place_desk_kind_state_and_date(world: World):
    crisis, host = await world.open_crisis(area=(HATAY, "TUR006")), uuid7()
    desk = await a_desk(world, host)
    later = world.clock.now() + timedelta(days=2)
    here = await a_task(world, crisis)
    there = await a_task(world, crisis, place="TUR006001", due_at=later)
    ended = await a_task(world, crisis, kind=TaskKind.DIVERT)
    await run(world, finish_task, FinishTask(ended, "done"))

    async def seen(
        plates: frozenset[str] | None = None, org: object = None, **wanted: object
    ) -> list[object]:
        chosen = TaskFilter(host_org_id=org or uuid7(), plates=plates, **wanted)  # type: ignore[arg-type]
        found = await world.database.snapshot(lambda tx: page(tx, chosen, None, 10))
        return [each.task.task_id for each in found.rows]

    assert set(await seen()) == {here, there, ended}
    assert await seen(state="waiting") == [here, there]
    assert await seen(frozenset({"06"})) == [there]
    assert await seen(frozenset(), host, state="waiting") == [here]
    assert await seen(is_mine=True, org=host, state="waiting") == [here]
    assert await seen(desk_id=desk.desk_id, state="waiting") == [here]
    assert await seen(kind="divert") == [ended]
    assert await seen(province="TUR006") == [there]
    assert await seen(item_group="none") == await seen(urgency="life_saving") == []
    assert await seen(urgency="urgent", state="waiting") == [here, there]
    assert await seen(due_before=world.clock.now() + timedelta(hours=1), state="waiting") == [here]
