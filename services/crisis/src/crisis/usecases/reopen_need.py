"""ReopenNeed: a desk opens a closed need again within fourteen days; its lines take pledges as before."""

from dataclasses import dataclass
from uuid import UUID

from crisis import events
from crisis.domain.needs import Need, reopened
from crisis.usecases.need_authority import desk_role
from crisis.usecases.need_step import lock, seen, write
from crisis.usecases.need_tasks import ask_if_unverified
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class ReopenNeed:
    """`reason` is a code of domain.needs.reasons.REOPEN."""

    need_id: UUID
    reason: str


async def reopen_need(tx: Transaction, command: ReopenNeed, caller: Caller, tools: Tools) -> Need:
    """The need, open. Raises NotFound, RoleMissing and what `domain.needs.reopened` does."""
    known = await seen(tx, command.need_id, caller)
    role = desk_role(caller, known)
    locked = await lock(tx, known)
    need, now = locked.need, tools.clock.now()
    after = reopened(need, locked.crisis, command.reason, now, tools.new_id)
    story = story_of(caller, role, tools.new_id(), need.crisis_id, need.is_drill, now)
    versions = (need.version, after.version)
    logged = audit(story, caller, "reopen_need", "need", need.need_id, versions, reason=command.reason)
    told = events.need_reopened(after, story)
    await ask_if_unverified(tx, after, story, tools)
    return await write(tx, locked, after, story, logged, [told], change=command.reason)
