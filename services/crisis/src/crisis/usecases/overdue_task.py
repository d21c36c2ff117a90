"""OverdueTask: nobody ended a task in time; the next seat is called, and the officer again and again."""

from uuid import UUID

from crisis import events
from crisis.domain.crises import CrisisState
from crisis.domain.tasks import TaskState
from crisis.events import Story
from crisis.store import command_log, crises, desks, tasks
from crisis.usecases.authority import SYSTEM
from crisis.usecases.needed_tasks import is_needed
from crisis.usecases.tasks import clock_of, end_task
from crisis.usecases.tools import Tools, audit
from imece_chassis import outbox
from imece_chassis.database import Transaction
from imece_chassis.deadlines import fire, schedule


async def overdue_task(tx: Transaction, deadline_id: UUID, task_id: UUID, tools: Tools) -> bool:
    """Escalate a task whose clock ran out. False when somebody was quicker: nothing happened.

    A task whose reason is gone meanwhile, or whose crisis is closed, ends instead.
    """
    seen = await tasks.read(tx, task_id)
    if seen is None:
        return False
    crisis = (await crises.lock_shared(tx, [seen.crisis_id]))[seen.crisis_id]
    task = await tasks.read(tx, task_id, is_locked=True)
    if task is None or task.state is TaskState.DONE or task.deadline_id != deadline_id:
        return False
    if not await fire(tx, deadline_id):
        return False
    now = tools.clock.now()
    story = Story(tools.new_id(), task.crisis_id, task.is_drill, None, SYSTEM, now)
    if crisis.state == CrisisState.CLOSED or not await is_needed(tx, task, now):
        after = await end_task(tx, task, "settled", story, tools)
    else:
        secretariat = await desks.secretariat(tx, task.crisis_id, is_drill=task.is_drill)
        after = task.escalated(secretariat, tools.new_id())
        await schedule(tx, clock_of(after, now + after.every))
        await tasks.update(tx, after)
        await outbox.append(tx, events.task_escalated(after, task.post, story))
    versions = (task.version, after.version)
    await command_log.record(
        tx, [audit(story, None, "overdue_task", tasks.SUBJECT, task_id, versions, reason=after.post.seat)]
    )
    return True
