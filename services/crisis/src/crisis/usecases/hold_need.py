"""HoldNeed and ResumeNeed: no new promises for at most three days; what was promised goes on."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crisis import events
from crisis.domain.needs import Need, held_back, resumed
from crisis.events import Story
from crisis.usecases.close_met import close_if_met
from crisis.usecases.need_authority import desk_role
from crisis.usecases.need_step import LockedNeed, due, lock, seen, system_story, write
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class HoldNeed:
    """`reason` is a code of domain.needs.reasons.HOLD; at `until` the need is open again by itself."""

    need_id: UUID
    reason: str
    until: datetime


async def hold_need(tx: Transaction, command: HoldNeed, caller: Caller, tools: Tools) -> Need:
    """The need on hold. Raises NotFound, RoleMissing and what `domain.needs.held_back` does."""
    known = await seen(tx, command.need_id, caller)
    role = desk_role(caller, known)
    locked = await lock(tx, known)
    need, now = locked.need, tools.clock.now()
    after = held_back(need, locked.crisis, command.reason, command.until, now, tools.new_id)
    story = story_of(caller, role, tools.new_id(), need.crisis_id, need.is_drill, now)
    versions = (need.version, after.version)
    logged = audit(story, caller, "hold_need", "need", need.need_id, versions, reason=command.reason)
    told = events.need_on_hold(after, story)
    return await write(tx, locked, after, story, logged, [told], change=command.reason)


async def resume_need(tx: Transaction, need_id: UUID, caller: Caller, tools: Tools) -> Need:
    """The need open again. Raises NotFound, RoleMissing and what `domain.needs.resumed` does."""
    known = await seen(tx, need_id, caller)
    role = desk_role(caller, known)
    locked = await lock(tx, known)
    story = story_of(caller, role, tools.new_id(), known.crisis_id, known.is_drill, tools.clock.now())
    return await _resume(tx, locked, story, caller, tools)


async def end_hold(tx: Transaction, deadline_id: UUID, need_id: UUID, tools: Tools) -> bool:
    """Resume a need whose hold has run out. False when somebody was quicker."""
    locked = await due(tx, deadline_id, need_id)
    if locked is None:
        return False
    await _resume(tx, locked, system_story(locked.need, tools), None, tools)
    return True


async def _resume(
    tx: Transaction, locked: LockedNeed, story: Story, caller: Caller | None, tools: Tools
) -> Need:
    need = locked.need
    after = resumed(need, locked.crisis, story.at, tools.new_id)
    logged = audit(story, caller, "resume_need", "need", need.need_id, (need.version, after.version))
    told = events.need_resumed(after, story)
    await write(tx, locked, after, story, logged, [told], change="resumed")
    await close_if_met(tx, [need.need_id], story, tools)
    return after
