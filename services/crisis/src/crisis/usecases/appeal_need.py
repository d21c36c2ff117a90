"""AppealNeed: the asker asks to look again at a rejection; a desk, then the secretariat, must answer."""

from dataclasses import dataclass, replace
from uuid import UUID

from crisis import events
from crisis.domain.needs import Need, NeedClock, NeedTimer, appealed
from crisis.domain.needs.states import APPEAL_ANSWER
from crisis.domain.tasks import Post, Seat, TaskKind
from crisis.store import desks
from crisis.usecases.need_authority import own_role
from crisis.usecases.need_step import due, lock, seen, system_story, write
from crisis.usecases.need_tasks import ask, settle
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class AppealNeed:
    """`reason` is a code of domain.needs.reasons.APPEAL."""

    need_id: UUID
    reason: str


async def appeal_need(tx: Transaction, command: AppealNeed, caller: Caller, tools: Tools) -> Need:
    """The need with its appeal. Raises NotFound, RoleMissing and what `domain.needs.appealed` does."""
    known = await seen(tx, command.need_id, caller)
    role = own_role(caller, known)
    locked = await lock(tx, known)
    need, now = locked.need, tools.clock.now()
    after = appealed(need, command.reason, now, tools.new_id)
    story = story_of(caller, role, tools.new_id(), need.crisis_id, need.is_drill, now)
    versions = (need.version, after.version)
    logged = audit(story, caller, "appeal_need", "need", need.need_id, versions, reason=command.reason)
    assert after.clock is not None
    await ask(tx, TaskKind.APPEAL, after, after.clock.due_at, story, tools)
    told = events.need_appealed(after, command.reason, story)
    return await write(tx, locked, after, story, logged, [told], change="appealed")


async def call_secretariat(tx: Transaction, deadline_id: UUID, need_id: UUID, tools: Tools) -> bool:
    """An appeal nobody answered becomes the secretariat's task. False when somebody was quicker."""
    locked = await due(tx, deadline_id, need_id)
    if locked is None:
        return False
    need, story = locked.need, system_story(locked.need, tools)
    clock = NeedClock(tools.new_id(), NeedTimer.APPEAL, story.at + APPEAL_ANSWER)
    after = replace(need, clock=clock, version=need.version + 1)
    await settle(tx, need, "handed_to_secretariat", story, tools, (TaskKind.APPEAL,))
    secretariat = await desks.secretariat(tx, need.crisis_id, is_drill=need.is_drill)
    post = Post(secretariat, Seat.OFFICER)
    await ask(tx, TaskKind.APPEAL, need, clock.due_at, story, tools, post=post)
    logged = audit(story, None, "call_secretariat", "need", need.need_id, (need.version, after.version))
    await write(tx, locked, after, story, logged, [], change="appealed")
    return True
