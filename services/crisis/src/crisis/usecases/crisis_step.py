"""What all steps of a crisis have in common: lock it alone, save it with its clock, log it, tell it.

A crisis that waits for the secretariat has one deadline; a step that gives it another cancels the old one.
"""

from datetime import datetime
from uuid import UUID

from crisis.domain.crises import CrisisFacts, CrisisTimer
from crisis.domain.refusals import NotFound
from crisis.domain.tasks import TaskKind
from crisis.events import Story
from crisis.store import command_log, crises
from crisis.usecases.authority import SYSTEM
from crisis.usecases.tasks import settle_tasks
from crisis.usecases.tools import Tools, audit
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline, cancel, schedule
from imece_contracts.envelope import Envelope


async def locked(tx: Transaction, crisis_id: UUID) -> CrisisFacts:
    """The crisis, locked against every other command on it. Raises NotFound."""
    crisis = await crises.lock(tx, crisis_id)
    if crisis is None:
        raise NotFound(kind="crisis", id=str(crisis_id))
    return crisis


async def write(
    tx: Transaction,
    before: CrisisFacts,
    after: CrisisFacts,
    told: Envelope,
    story: Story,
    caller: Caller | None,
    command: str,
    *,
    clock: tuple[CrisisTimer, datetime] | None = None,
    reason: str | None = None,
) -> None:
    """Save a step; `clock` is what ends the silence after it, given exactly when `after` has a new one."""
    if before.deadline_id is not None and before.deadline_id != after.deadline_id:
        await cancel(tx, before.deadline_id)
    if clock is not None:
        await schedule(tx, clock_of(after, *clock))
    await crises.update(tx, after)
    versions = (before.version, after.version)
    logged = audit(story, caller, command, crises.SUBJECT, after.crisis_id, versions, reason=reason)
    await command_log.record(tx, [logged])
    await outbox.append(tx, told)


async def settle(
    tx: Transaction,
    crisis: CrisisFacts,
    outcome: str,
    kinds: tuple[TaskKind, ...],
    story: Story,
    tools: Tools,
) -> None:
    """End the secretariat's tasks about the crisis that a step has settled."""
    await settle_tasks(
        tx,
        subject_type=crises.SUBJECT,
        subject_id=crisis.crisis_id,
        outcome=outcome,
        kinds=kinds,
        story=story,
        tools=tools,
    )


def clock_of(crisis: CrisisFacts, kind: CrisisTimer, due_at: datetime) -> Deadline:
    """The deadline of a crisis that waits."""
    assert crisis.deadline_id is not None
    return Deadline(crisis.deadline_id, crises.SUBJECT, crisis.crisis_id, kind, due_at)


def by_the_clock(crisis: CrisisFacts, tools: Tools) -> Story:
    """The story of what a timer does."""
    return Story(tools.new_id(), crisis.crisis_id, crisis.is_drill, None, SYSTEM, tools.clock.now())
