"""DismissCrisis: the secretariat says no to a proposal, or nobody decided for 72 hours."""

from dataclasses import dataclass
from uuid import UUID

from crisis import events
from crisis.domain.crises import CrisisFacts, CrisisState
from crisis.domain.lifecycle import dismissed, must_be
from crisis.domain.reasons import DISMISS, NO_DECISION, known_reason
from crisis.domain.tasks import TaskKind
from crisis.events import Story
from crisis.store import crises
from crisis.usecases.authority import SECRETARIAT, acting_role
from crisis.usecases.crisis_step import by_the_clock, locked, settle, write
from crisis.usecases.tools import Tools, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_chassis.deadlines import fire


@dataclass(frozen=True, slots=True)
class DismissCrisis:
    """`reason` is a code of domain.reasons.DISMISS."""

    crisis_id: UUID
    reason: str


async def dismiss_crisis(
    tx: Transaction, command: DismissCrisis, caller: Caller, tools: Tools
) -> CrisisFacts:
    """The dismissed proposal. Raises NotFound, RoleMissing, ReasonUnknown, CrisisNotInState."""
    role = acting_role(caller, (SECRETARIAT,), crisis_id=command.crisis_id)
    before = await locked(tx, command.crisis_id)
    reason = known_reason(command.reason, DISMISS, "dismiss")
    story = story_of(caller, role, tools.new_id(), before.crisis_id, before.is_drill, tools.clock.now())
    return await _dismiss(tx, before, reason, story, caller, tools)


async def dismiss_undecided(tx: Transaction, deadline_id: UUID, crisis_id: UUID, tools: Tools) -> bool:
    """Dismiss a proposal nobody decided. False when somebody was quicker: nothing happened."""
    before = await crises.lock(tx, crisis_id)
    if before is None or before.deadline_id != deadline_id or before.state is not CrisisState.PROPOSED:
        return False
    if not await fire(tx, deadline_id):
        return False
    await _dismiss(tx, before, NO_DECISION, by_the_clock(before, tools), None, tools)
    return True


async def _dismiss(
    tx: Transaction, before: CrisisFacts, reason: str, story: Story, caller: Caller | None, tools: Tools
) -> CrisisFacts:
    must_be(before, CrisisState.PROPOSED)
    after = dismissed(before, reason)
    told = events.crisis_dismissed(after, story)
    await write(tx, before, after, told, story, caller, "dismiss_crisis", reason=reason)
    await settle(tx, after, reason, (TaskKind.DECIDE_CRISIS,), story, tools)
    return after
