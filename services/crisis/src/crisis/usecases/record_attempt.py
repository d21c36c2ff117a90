"""RecordAttempt: somebody of another organisation tried to reach the asker in vain.

Three such tries allow closing the need; tries in one way count once an hour.
"""

from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from crisis.domain.needs import Need, NeedState
from crisis.domain.refusals import SameParty
from crisis.store import command_log, needs
from crisis.usecases.need_authority import verifier_role
from crisis.usecases.need_step import lock, seen
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class RecordAttempt:
    """How somebody tried; never whom."""

    need_id: UUID
    channel: Literal["phone", "message", "visit", "radio"]


@dataclass(frozen=True, slots=True)
class Attempted:
    """The need and how many tries count since it was last confirmed."""

    need: Need
    attempts: int


async def record_attempt(tx: Transaction, command: RecordAttempt, caller: Caller, tools: Tools) -> Attempted:
    """One try more. Raises NotFound, RoleMissing, SameParty, NeedNotInState, NeedClosed."""
    known = await seen(tx, command.need_id, caller)
    role = verifier_role(caller, known)
    if caller.organisation_id == known.asker_org_id:
        raise SameParty(side="asker", action="record an attempt")
    locked = await lock(tx, known)
    need, now = locked.need, tools.clock.now()
    need.must_be(NeedState.SUBMITTED, NeedState.RETURNED, NeedState.OPEN, NeedState.ON_HOLD)
    story = story_of(caller, role, tools.new_id(), need.crisis_id, need.is_drill, now)
    await needs.insert_attempt(
        tx, tools.new_id(), need, command.channel, caller.organisation_id, now, story.command_id
    )
    after = replace(need, version=need.version + 1)
    await needs.update(tx, need, after)
    versions = (need.version, after.version)
    logged = audit(story, caller, "record_attempt", "need", need.need_id, versions, reason=command.channel)
    await command_log.record(tx, [logged])
    return Attempted(after, await needs.attempts(tx, after))
