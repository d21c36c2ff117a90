"""FinishTask: somebody at the desk says what came of a task.

A word ends no task whose subject still waits for the deed: what is still asked for goes on climbing.
"""

from dataclasses import dataclass
from uuid import UUID

from crisis.domain.reasons import TASK, known_reason
from crisis.domain.refusals import NotFound, RoleMissing, SameParty
from crisis.domain.tasks import Task, must_have_come_about
from crisis.store import allocations, command_log, crises, desks, offers, tasks
from crisis.usecases.authority import DESKS, acting_role
from crisis.usecases.needed_tasks import is_needed
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
    """The ended task. Raises NotFound, TaskDone, ReasonUnknown, SameParty, TaskStillNeeded."""
    seen = await read_task(tx, command.task_id, caller)
    role = await _role(tx, seen, caller)
    outcome = known_reason(command.outcome, TASK, "end a task")
    await crises.lock_shared(tx, [seen.crisis_id])
    task = await tasks.read(tx, command.task_id, is_locked=True)
    assert task is not None
    task.must_wait()
    await _must_be_of_others(tx, task, caller)
    must_have_come_about(task, outcome, is_needed=await is_needed(tx, task, tools.clock.now()))
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


async def _must_be_of_others(tx: Transaction, task: Task, caller: Caller) -> None:
    """Raise SameParty for a task about what the caller's organisation promised, or wrote down for another."""
    promised_by: tuple[UUID, ...] = ()
    if task.subject_type == allocations.SUBJECT:
        row = await allocations.read(tx, task.subject_id)
        promised_by = () if row is None else row.promised_by
    elif task.subject_type == offers.SUBJECT:
        offer = await offers.read(tx, task.subject_id)
        promised_by = () if offer is None else offer.promised_by
    if caller.organisation_id in promised_by:
        raise SameParty(side="pledger", action="end a task")


async def _role(tx: Transaction, task: Task, caller: Caller) -> str:
    """The role in which the caller acts: of the area, or as host of the desk; raises NotFound."""
    try:
        return acting_role(caller, DESKS, place=task.place, crisis_id=task.crisis_id)
    except RoleMissing:
        desk = None if task.post.desk_id is None else await desks.read(tx, task.post.desk_id)
        if desk is None or desk.host_org_id != caller.organisation_id:
            raise NotFound(kind="task", id=str(task.task_id)) from None
        return HOST
