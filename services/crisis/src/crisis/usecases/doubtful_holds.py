"""Goods of a suspended organisation that are held: a desk decides about each, whatever became of its offer.

Each is asked about in a transaction of its own; the question ends when the organisation is reinstated and
nothing else asks it.
"""

from uuid import UUID

from crisis.domain.clocks import Silence
from crisis.domain.tasks import TaskKind, TaskState
from crisis.events import Story
from crisis.store import crises, lines, organisations, tasks
from crisis.store.doubtful_holds import Hold
from crisis.usecases.allocation_tasks import ask
from crisis.usecases.authority import SYSTEM
from crisis.usecases.needed_tasks import is_needed
from crisis.usecases.tasks import end_task
from crisis.usecases.tools import Tools
from imece_chassis.database import Transaction


async def ask_about(tx: Transaction, org_id: UUID, hold: Hold, tools: Tools) -> None:
    """Have a desk decide: release it, or keep it under watch. Nothing once the organisation may act again."""
    crisis = (await crises.lock_shared(tx, [hold.crisis_id]))[hold.crisis_id]
    if await organisations.standing(tx, org_id) == organisations.ACTIVE:
        return
    line = (await lines.read(tx, [hold.need_line_id]))[hold.need_line_id]
    now = tools.clock.now()
    due_at = now + crisis.timers.period(Silence.SUSPENDED, line.urgency)
    story = Story(tools.new_id(), crisis.crisis_id, crisis.is_drill, None, SYSTEM, now)
    await ask(tx, TaskKind.DECIDE_HOLD, hold.allocation_id, line, due_at, story, tools)


async def settle_question(tx: Transaction, task_id: UUID, tools: Tools) -> None:
    """End the question when nothing asks it any more."""
    seen = await tasks.read(tx, task_id)
    assert seen is not None
    await crises.lock_shared(tx, [seen.crisis_id])
    task = await tasks.read(tx, task_id, is_locked=True)
    now = tools.clock.now()
    if task is None or task.state is TaskState.DONE or await is_needed(tx, task, now):
        return
    story = Story(tools.new_id(), task.crisis_id, task.is_drill, None, SYSTEM, now)
    await end_task(tx, task, "reinstated", story, tools)
