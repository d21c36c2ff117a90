"""ReturnNeed: a verifier sends a need back to be completed, naming what is missing; silence closes it."""

from dataclasses import dataclass
from uuid import UUID

from crisis import events
from crisis.domain.clocks import Silence
from crisis.domain.needs import Need, reminded, returned
from crisis.domain.needs.states import RETURNED_LIFE
from crisis.domain.tasks import TaskKind
from crisis.usecases.need_authority import verifier_role
from crisis.usecases.need_step import due, lock, seen, system_story, write
from crisis.usecases.need_tasks import OF_VERIFIERS, ask, settle
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class ReturnNeed:
    """`reason` and `fields` are codes of domain.needs.reasons."""

    need_id: UUID
    reason: str
    fields: tuple[str, ...] = ()


async def return_need(tx: Transaction, command: ReturnNeed, caller: Caller, tools: Tools) -> Need:
    """The returned need. Raises NotFound, RoleMissing and what `domain.needs.returned` does."""
    known = await seen(tx, command.need_id, caller)
    role = verifier_role(caller, known)
    locked = await lock(tx, known)
    need, now = locked.need, tools.clock.now()
    after = returned(need, command.reason, command.fields, caller.organisation_id, now, tools.new_id)
    story = story_of(caller, role, tools.new_id(), need.crisis_id, need.is_drill, now)
    logged = audit(
        story,
        caller,
        "return_need",
        "need",
        need.need_id,
        (need.version, after.version),
        counterparty=need.asker_org_id,
        reason=command.reason,
    )
    await settle(tx, need, "returned", story, tools, OF_VERIFIERS)
    told = events.need_returned(after, now + RETURNED_LIFE, story)
    return await write(tx, locked, after, story, logged, [told], change="returned")


async def remind_asker(tx: Transaction, deadline_id: UUID, need_id: UUID, tools: Tools) -> bool:
    """Remind the asker of a returned need, and have a desk call them. False when somebody was quicker."""
    locked = await due(tx, deadline_id, need_id)
    if locked is None:
        return False
    need, story = locked.need, system_story(locked.need, tools)
    after = reminded(need, story.at, tools.new_id)
    logged = audit(story, None, "remind_asker", "need", need.need_id, (need.version, after.version))
    task_due = story.at + locked.crisis.timers.period(Silence.DESK, need.urgency)
    await ask(tx, TaskKind.RETURNED_NEED, need, task_due, story, tools)
    assert after.clock is not None
    told = events.need_reminder_due(after, after.clock.due_at, story)
    await write(tx, locked, after, story, logged, [told], change="reminded")
    return True
