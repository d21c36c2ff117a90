"""A story that tells every event of crises, desks, watches and tasks."""

from dataclasses import replace
from datetime import timedelta

from crisis.domain.tasks import TaskKind
from crisis.usecases.change_settings import ChangeSettings, change_settings
from crisis.usecases.close_crisis import ReopenCrisis, ask_to_reopen, close_crisis
from crisis.usecases.declare_crisis import ChangeArea, ChangeLevel, Declaration, change_area, change_level
from crisis.usecases.dismiss_crisis import DismissCrisis, dismiss_crisis
from crisis.usecases.finish_task import FinishTask, finish_task
from crisis.usecases.open_crisis import OpenProposal, open_proposal
from crisis.usecases.seat_watch import end_watch
from crisis.usecases.settle_two_keys import confirm_two_keys
from crisis.usecases.stand_down import Reactivate, StandDown, reactivate, stand_down
from crisis.usecases.tasks import OVERDUE
from imece_chassis.ids import uuid7
from tests.db.crisis.at_the_desk import a_desk, a_report, a_task, a_watch, clocks, run
from tests.db.crisis.world import World

BY_AFAD = Declaration("afad", "AFAD-2026/3")


async def tell_desks(world: World) -> None:
    """From a report to a reopened crisis, and a task that climbs to the officer before it is done."""
    desk = await a_desk(world, item_groups=("barinma",))
    watch = await a_watch(world, desk)
    world.clock.advance(timedelta(hours=1))
    await run(world, end_watch, watch.watch_id)
    dismissed, _ = await a_report(world, "story", "1")
    await run(world, dismiss_crisis, DismissCrisis(dismissed.crisis_id, "test"))
    crisis, _ = await a_report(world, "story", "2")
    await run(world, open_proposal, OpenProposal(crisis.crisis_id, level="S2"))
    for level in ("S3", None):
        await run(world, change_level, ChangeLevel(crisis.crisis_id, level, None, BY_AFAD))
    await run(world, change_area, ChangeArea(crisis.crisis_id, None, ("TUR006",), BY_AFAD))
    await run(world, change_settings, ChangeSettings(crisis.crisis_id, {"offer_days": 7}))
    await tell_a_task(world)
    await run(world, stand_down, StandDown(crisis.crisis_id, "handed_over"))
    await run(world, reactivate, Reactivate(crisis.crisis_id, "new_needs"))
    await run(world, stand_down, StandDown(crisis.crisis_id, "handed_over"))
    await run(world, close_crisis, crisis.crisis_id)
    two_key_id = await run(world, ask_to_reopen, ReopenCrisis(crisis.crisis_id, "new_event"))
    await run(world, confirm_two_keys, two_key_id, replace(world.secretariat, key_id=uuid7()))


async def tell_a_task(world: World) -> None:
    """One task, with and without desk, through every seat."""
    opened = await world.open_crisis()
    task_id = await a_task(world, opened, kind=TaskKind.RETURNED_NEED, item_group="barinma")
    for _ in range(3):
        await clocks(world, OVERDUE)
    await run(world, finish_task, FinishTask(task_id, "done"))
