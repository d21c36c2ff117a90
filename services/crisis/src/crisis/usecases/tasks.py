"""Putting work on a desk's queue and taking it off, inside the command that makes it necessary or settles it.

One task per kind and subject waits at a time; a second demand finds the first,
or takes its place where the first knows nothing of the order that asks for it.
"""

from datetime import datetime, timedelta
from uuid import UUID

from crisis import events
from crisis.domain.clocks import Silence, Timers, Urgency
from crisis.domain.tasks import TASK_OVERDUE, Post, Task, TaskKind, Turn, first_post
from crisis.events import Story
from crisis.store import crises, desks, tasks
from crisis.usecases.tools import Tools
from imece_chassis import outbox
from imece_chassis.database import Restart, Transaction
from imece_chassis.deadlines import Deadline, cancel, schedule

OVERDUE = TASK_OVERDUE
SUPERSEDED = "superseded"
_MINUTE = timedelta(minutes=1)


async def open_task(  # noqa: PLR0913 - every fact of a task is named where it is opened
    tx: Transaction,
    *,
    kind: TaskKind,
    crisis_id: UUID,
    is_drill: bool,
    subject_type: str,
    subject_id: UUID,
    place: str,
    item_group: str | None,
    urgency: Urgency,
    due_at: datetime,
    story: Story,
    tools: Tools,
    every: timedelta | None = None,
    post: Post | None = None,
    turn: Turn | None = None,
) -> UUID:
    """The task that waits for this subject, new or known.

    The desk is the most particular one for place and item group, else the secretariat. `every` is how long
    each seat may be silent after `due_at`; by default the crisis' time for a silent desk. `post` names the
    first to be called where it is not the desk's own first seat; `turn` says where goods on
    the road might go: a task that knows nothing of its order ends, and another is opened.
    """
    known = await tasks.open_of(tx, subject_type, subject_id, (kind,))
    if known:
        task = known[0]
        if turn is None or (task.turn is not None and task.turn.order_id == turn.order_id):
            return task.task_id
        await end_task(tx, task, SUPERSEDED, story, tools)
    secretariat = await desks.secretariat(tx, crisis_id, is_drill=is_drill)
    if post is None:
        desk = await desks.responsible(tx, crisis_id, place, item_group, is_drill=is_drill)
        post = first_post(kind, desk, secretariat)
    task = Task(
        task_id=tools.new_id(),
        kind=kind,
        crisis_id=crisis_id,
        is_drill=is_drill,
        subject_type=subject_type,
        subject_id=subject_id,
        place=place,
        item_group=item_group,
        urgency=urgency,
        post=post,
        due_at=due_at,
        every=max(_MINUTE, every or await _silence(tx, crisis_id, urgency)),
        deadline_id=tools.new_id(),
        turn=turn,
    )
    if not await tasks.insert(tx, task):
        known = await tasks.open_of(tx, subject_type, subject_id, (kind,))
        if not known:
            raise Restart  # the one that stood in the way has ended meanwhile
        return known[0].task_id
    await schedule(tx, clock_of(task, due_at))
    await outbox.append(tx, events.task_opened(task, story))
    return task.task_id


async def settle_tasks(
    tx: Transaction,
    *,
    subject_type: str,
    subject_id: UUID,
    outcome: str,
    kinds: tuple[TaskKind, ...] | None = None,
    story: Story,
    tools: Tools,
) -> int:
    """End what waits for a subject, because it was done; returns how many tasks that ended."""
    waiting = await tasks.open_of(tx, subject_type, subject_id, kinds)
    for task in waiting:
        await end_task(tx, task, outcome, story, tools)
    return len(waiting)


async def hand_on(tx: Transaction, task: Task, subject_id: UUID, story: Story, tools: Tools) -> None:
    """Ask the same, at the same seat and by the same time, about what takes the place of the subject."""
    due_at = await tasks.calls_at(tx, task)
    await end_task(tx, task, SUPERSEDED, story, tools)
    heir = task.handed_on(tools.new_id(), subject_id, tools.new_id())
    if await tasks.insert(tx, heir):
        await schedule(tx, clock_of(heir, due_at))
        await outbox.append(tx, events.task_opened(heir, story))


async def end_task(tx: Transaction, task: Task, outcome: str, story: Story, tools: Tools) -> Task:
    """End one locked task, stop its clock and tell it. Raises TaskDone."""
    done = task.done(outcome, story.actor_org_id, tools.clock.now())
    if task.deadline_id is not None:
        await cancel(tx, task.deadline_id)
    await tasks.update(tx, done)
    await outbox.append(tx, events.task_done(done, story))
    return done


def clock_of(task: Task, due_at: datetime) -> Deadline:
    """The deadline of whoever holds the task."""
    assert task.deadline_id is not None
    return Deadline(task.deadline_id, tasks.SUBJECT, task.task_id, OVERDUE, due_at)


async def _silence(tx: Transaction, crisis_id: UUID, urgency: Urgency) -> timedelta:
    crisis = await crises.read(tx, crisis_id)
    timers = Timers() if crisis is None else crisis.timers
    return timers.period(Silence.DESK, urgency)
