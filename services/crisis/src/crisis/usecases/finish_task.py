"""FinishTask: somebody at the desk says what came of a task. What the task asked for keeps its own clocks."""

from dataclasses import dataclass
from uuid import UUID

from crisis.domain.reasons import TASK, known_reason
from crisis.domain.refusals import NotFound, RoleMissing
from crisis.domain.tasks import Task
from crisis.store import command_log, crises, desks, tasks
from crisis.usecases.authority import DESKS, acting_role
from crisis.usecases.tasks import end_task
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction

HOST = "desk_host"


@dataclass(frozen=True, slots=True)
class FinishTask:
    """`outcome` is a code of domain.reasons.TASK."""

    task_id: UUID
    outcome: str


async def finish_task(tx: Transaction, command: FinishTask, caller: Caller, tools: Tools) -> Task:
    """The ended task. Raises NotFound, TaskDone, ReasonUnknown."""
    seen = await read_task(tx, command.task_id, caller)
    role = await _role(tx, seen, caller)
    outcome = known_reason(command.outcome, TASK, "end a task")
    await crises.lock_shared(tx, [seen.crisis_id])
    task = await tasks.read(tx, command.task_id, is_locked=True)
    assert task is not None
    story = story_of(caller, role, tools.new_id(), task.crisis_id, task.is_drill, tools.clock.now())
    done = await end_task(tx, task, outcome, story, tools)
    logged = audit(
        story,
        caller,
        "finish_task",
        tasks.SUBJECT,
        task.task_id,
        (task.version, done.version),
        reason=outcome,
    )
    await command_log.record(tx, [logged])
    return done


async def read_task(tx: Transaction, task_id: UUID, caller: Caller) -> Task:
    """One task the caller could end. Raises NotFound."""
    task = await tasks.read(tx, task_id)
    if task is None:
        raise NotFound(kind="task", id=str(task_id))
    await _role(tx, task, caller)
    return task


async def _role(tx: Transaction, task: Task, caller: Caller) -> str:
    """The role in which the caller acts: of the area, or as host of the desk; raises NotFound."""
    try:
        return acting_role(caller, DESKS, place=task.place, crisis_id=task.crisis_id)
    except RoleMissing:
        desk = None if task.post.desk_id is None else await desks.read(tx, task.post.desk_id)
        if desk is None or desk.host_org_id != caller.organisation_id:
            raise NotFound(kind="task", id=str(task.task_id)) from None
        return HOST
