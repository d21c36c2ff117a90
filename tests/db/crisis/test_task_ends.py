"""A word ends no task whose subject still waits for the deed; a decision to leave it is said as such."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest

from crisis.domain.clocks import Urgency
from crisis.domain.reasons import LEFT_AS_IS, TASK
from crisis.domain.refusals import SameParty, TaskStillNeeded
from crisis.domain.tasks import BY_WORD, MAY_BE_LEFT, Task, TaskKind, TaskState
from crisis.usecases.declare_crisis import ChangeLevel, Declaration, change_level
from crisis.usecases.dismiss_crisis import DismissCrisis, dismiss_crisis
from crisis.usecases.finish_task import FinishTask, finish_task
from crisis.usecases.needed_tasks import ASK
from crisis.usecases.silent_desk import DESK_SILENT
from crisis.usecases.stand_down import HOLDS, Reactivate, StandDown, reactivate, stand_down
from crisis.usecases.state_elsewhere import StateElsewhere, state_elsewhere
from imece_chassis.access.caller import Caller
from tests.db.crisis.at_the_desk import a_desk, a_report, about, clocks, run, the_task
from tests.db.crisis.need_world import Needs
from tests.db.crisis.offering import lasting, offered
from tests.db.crisis.test_line_terms import hold
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.test_suspended_offers import suspend
from tests.db.crisis.world import World, caller

Deed = Callable[[], Awaitable[object]]


async def finish(world: World, task: Task, outcome: str = "done", by: Caller | None = None) -> Task:
    return await run(world, finish_task, FinishTask(task.task_id, outcome), by)


async def the_only(world: World, subject: UUID, kind: TaskKind) -> Task:
    (task,) = [each for each in await about(world, subject) if each.kind is kind]
    return task


async def unverified(world: World) -> tuple[Task, Deed]:
    needs = await Needs.of(world)
    need = await needs.submitted()
    return await the_only(world, need.need_id, TaskKind.VERIFY_NEED), lambda: needs.verify(need)


async def at_level_0(world: World) -> tuple[Task, Deed]:
    needs = await Needs.of(world)
    need = await needs.submitted(by=needs.accredited, urgency=Urgency.LIFE_SAVING)
    return await the_only(world, need.need_id, TaskKind.VERIFY_LIFE_SAVING), lambda: needs.verify(need)


async def at_level_0_on_hold(world: World) -> tuple[Task, Deed]:
    needs = await Needs.of(world)
    need = await needs.submitted(by=needs.accredited, urgency=Urgency.LIFE_SAVING)
    await needs.hold(need)

    async def verified() -> None:
        await needs.resume(need)
        await needs.verify(need)

    return await the_only(world, need.need_id, TaskKind.VERIFY_LIFE_SAVING), verified


async def appealed(world: World) -> tuple[Task, Deed]:
    needs = await Needs.of(world)
    need = await needs.submitted()
    await needs.reject(need)
    await needs.appeal(need)
    judge = caller("secretariat")
    decided: Deed = lambda: needs.decide(need, "granted", by=judge)  # noqa: E731
    return await the_only(world, need.need_id, TaskKind.APPEAL), decided


async def undecided(world: World) -> tuple[Task, Deed]:
    await a_desk(world)
    crisis, _ = await a_report(world)
    dismissal = DismissCrisis(crisis.crisis_id, "test")
    task = await the_only(world, crisis.crisis_id, TaskKind.DECIDE_CRISIS)
    return task, lambda: run(world, dismiss_crisis, dismissal)


async def unreviewed(world: World) -> tuple[Task, Deed]:
    crisis = await world.open_crisis()
    await clocks(world, "crisis.review")
    said = ChangeLevel(crisis.crisis_id, "S2", None, Declaration("afad", "AFAD-2026/3"))
    task = await the_only(world, crisis.crisis_id, TaskKind.LEVEL_REVIEW)
    return task, lambda: run(world, change_level, said)


async def winding_down(world: World) -> tuple[Task, Deed]:
    crisis = await world.open_crisis()
    await run(world, stand_down, StandDown(crisis.crisis_id, "handed_over"))
    await clocks(world, "crisis.wind_down")
    task = await the_only(world, crisis.crisis_id, TaskKind.WIND_DOWN)
    return task, lambda: run(world, reactivate, Reactivate(crisis.crisis_id, "new_needs"))


async def unanswered(world: World) -> tuple[Task, Deed]:
    crisis_id, line = await open_line(world)
    row = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    world.clock.advance(timedelta(hours=5))
    await clocks(world, DESK_SILENT)
    return await the_only(world, line, TaskKind.SILENT_DESK), lambda: world.decline(row)


async def too_much(world: World) -> tuple[Task, Deed]:
    crisis_id, line = await open_line(world, "100")
    row = await hold(world, crisis_id, line, "100")
    await run(world, state_elsewhere, StateElsewhere(line, "30", "adet", "ref-1"))
    return await the_only(world, line, TaskKind.SURPLUS), lambda: world.withdraw(row)


BY_THE_DEED = (
    unverified,
    at_level_0,
    at_level_0_on_hold,
    appealed,
    undecided,
    unreviewed,
    winding_down,
    unanswered,
    too_much,
)


@pytest.mark.parametrize("asked", BY_THE_DEED, ids=lambda asked: asked.__name__)
async def test_a_task_ends_by_the_deed_and_by_no_word(
    world: World, asked: Callable[[World], Awaitable[tuple[Task, Deed]]]
):
    task, deed = await asked(world)
    assert task.kind not in BY_WORD | MAY_BE_LEFT
    for outcome in TASK:
        with pytest.raises(TaskStillNeeded) as refused:
            await finish(world, task, outcome)
        assert refused.value.code == "task_still_needed"
        assert refused.value.facts == {"kind": task.kind, "outcome": outcome, "instead": "none"}
    waiting = await the_task(world, task.task_id)
    assert (waiting.state, waiting.deadline_id) == (TaskState.OPEN, task.deadline_id)
    await deed()
    after = await the_task(world, task.task_id)
    if after.state is not TaskState.DONE:
        after = await finish(world, task)
    assert after.state is TaskState.DONE


async def test_the_askers_own_desk_does_not_end_the_verification_of_its_need(world: World):
    needs = await Needs.of(world)
    both = caller("asker", "provincial_desk")
    need = await needs.submitted(by=both, urgency=Urgency.LIFE_SAVING)
    task = await the_only(world, need.need_id, TaskKind.VERIFY_LIFE_SAVING)
    with pytest.raises(TaskStillNeeded):
        await finish(world, task, by=both)
    with pytest.raises(SameParty):
        await needs.verify(need, by=both)


async def test_a_hold_is_left_as_it_is_by_a_decision_of_others(world: World):
    both = caller("pledger", "secretariat")
    world.pledger = both
    crisis_id, line = await open_line(world)
    row = await hold(world, crisis_id, line, "10")
    await run(world, stand_down, StandDown(crisis_id, "handed_over"))
    await clocks(world, HOLDS)
    task = await the_only(world, row, TaskKind.DECIDE_HOLD)
    with pytest.raises(SameParty) as own:
        await finish(world, task, LEFT_AS_IS, by=both)
    assert own.value.facts["side"] == "pledger"
    with pytest.raises(TaskStillNeeded) as refused:
        await finish(world, task, "not_needed")
    assert refused.value.facts["instead"] == LEFT_AS_IS
    assert (await finish(world, task, LEFT_AS_IS)).outcome == LEFT_AS_IS


async def test_an_offer_is_looked_at_by_others_than_its_owner(world: World):
    both = caller("pledger", "secretariat")
    crisis = await world.open_crisis()
    offer = await offered(world, crisis.crisis_id, lasting(world), both)
    await suspend(world, offer.offer_id)
    review = await the_only(world, offer.offer_id, TaskKind.OFFER_REVIEW)
    with pytest.raises(SameParty):
        await finish(world, review, LEFT_AS_IS, by=both)
    with pytest.raises(TaskStillNeeded):
        await finish(world, review)
    assert (await finish(world, review, LEFT_AS_IS)).state is TaskState.DONE


async def test_a_stale_need_may_be_left_open(world: World):
    needs = await Needs.of(world)
    need = await needs.opened()
    for _ in range(2):
        await needs.silence(need)
    task = await the_only(world, need.need_id, TaskKind.CLOSE_STALE_NEED)
    with pytest.raises(TaskStillNeeded):
        await finish(world, task)
    await finish(world, task, LEFT_AS_IS)


def test_every_task_either_asks_for_something_to_come_about_or_for_a_word():
    assert set(TaskKind) == set(ASK) | BY_WORD
    assert set(ASK) >= MAY_BE_LEFT
    assert not MAY_BE_LEFT & BY_WORD
