"""DelegateAnswers and EndDelegation: a desk lets the asker answer what is promised for its own need, or not.

Whoever gives it sits at a desk of the need's place and is not the asker: nobody delegates to itself.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crisis import events
from crisis.domain.needs import Need, delegated, taken_back
from crisis.usecases.need_authority import desk_role
from crisis.usecases.need_step import lock, seen, write
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class DelegateAnswers:
    """Just before `until` it ends by itself."""

    need_id: UUID
    until: datetime


async def delegate_answers(tx: Transaction, command: DelegateAnswers, caller: Caller, tools: Tools) -> Need:
    """The need. Raises NotFound, RoleMissing and what `domain.needs.delegated` does."""
    known = await seen(tx, command.need_id, caller)
    role = desk_role(caller, known)
    locked = await lock(tx, known)
    need, now = locked.need, tools.clock.now()
    after = delegated(need, caller.organisation_id, command.until, now)
    story = story_of(caller, role, tools.new_id(), need.crisis_id, need.is_drill, now)
    versions, asker = (need.version, after.version), need.asker_org_id
    logged = audit(story, caller, "delegate_answers", "need", need.need_id, versions, counterparty=asker)
    told = events.need_answers_delegated(after, story)
    return await write(tx, locked, after, story, logged, [told], change="delegated")


async def end_delegation(tx: Transaction, need_id: UUID, caller: Caller, tools: Tools) -> Need:
    """The need. Raises NotFound, RoleMissing and what `domain.needs.taken_back` does."""
    known = await seen(tx, need_id, caller)
    role = desk_role(caller, known)
    locked = await lock(tx, known)
    need, now = locked.need, tools.clock.now()
    after = taken_back(need, now)
    story = story_of(caller, role, tools.new_id(), need.crisis_id, need.is_drill, now)
    versions, asker = (need.version, after.version), need.asker_org_id
    logged = audit(story, caller, "end_delegation", "need", need.need_id, versions, counterparty=asker)
    told = events.need_delegation_ended(after, story)
    return await write(tx, locked, after, story, logged, [told], change="delegation_ended")
