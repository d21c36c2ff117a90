"""RejectNeed: a verifier of another organisation closes a submitted need; the asker may appeal.

A life-saving need is rejected only when a second person confirms it.
"""

from dataclasses import dataclass
from uuid import UUID

from crisis.domain.clocks import Silence, Urgency
from crisis.domain.needs import Need, must_be_rejectable, rejected
from crisis.domain.needs.states import APPEAL_WITHIN
from crisis.domain.two_keys import PendingKey
from crisis.store.needs import SUBJECT
from crisis.usecases.end_need import end_need
from crisis.usecases.need_authority import verifier_role
from crisis.usecases.need_step import LockedNeed, lock, seen
from crisis.usecases.tools import Tools, audit, story_of
from crisis.usecases.two_keys import first_key
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction

ACTION = "reject_need"


@dataclass(frozen=True, slots=True)
class RejectNeed:
    """`reason` is a code of domain.needs.reasons.REJECT."""

    need_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """The need, and the request for a second key while it still waits for verification."""

    need: Need
    two_key_id: UUID | None = None


async def reject_need(tx: Transaction, command: RejectNeed, caller: Caller, tools: Tools) -> Rejection:
    """The rejected need, or a request for a second key. Raises NotFound, RoleMissing, KeyPending and what
    `domain.needs.must_be_rejectable` does."""
    known = await seen(tx, command.need_id, caller)
    role = verifier_role(caller, known)
    locked = await lock(tx, known, with_supplies=True)
    need, now = locked.need, tools.clock.now()
    must_be_rejectable(need, command.reason, caller.organisation_id)
    if need.urgency is not Urgency.LIFE_SAVING:
        return Rejection(await _reject(tx, locked, command.reason, role, caller, tools))
    story = story_of(caller, role, tools.new_id(), need.crisis_id, need.is_drill, now)
    two_key_id = await first_key(
        tx,
        action=ACTION,
        subject_type=SUBJECT,
        subject_id=need.need_id,
        payload={"reason": command.reason},
        crisis_id=need.crisis_id,
        is_drill=need.is_drill,
        expires_at=now + locked.crisis.timers.period(Silence.VERIFY, need.urgency),
        caller=caller,
        story=story,
        tools=tools,
        place=need.district,
    )
    return Rejection(need, two_key_id)


async def reject_with_second_key(tx: Transaction, request: PendingKey, caller: Caller, tools: Tools) -> Need:
    """The rejected need; the second key's organisation is not the asker's either."""
    known = await seen(tx, request.subject_id, caller)
    role = verifier_role(caller, known)
    locked = await lock(tx, known, with_supplies=True)
    return await _reject(tx, locked, str(request.payload["reason"]), role, caller, tools)


async def _reject(
    tx: Transaction, locked: LockedNeed, reason: str, role: str, caller: Caller, tools: Tools
) -> Need:
    need, now = locked.need, tools.clock.now()
    after = rejected(need, reason, caller.organisation_id, now)
    story = story_of(caller, role, tools.new_id(), need.crisis_id, need.is_drill, now)
    logged = audit(
        story,
        caller,
        "reject_need",
        "need",
        need.need_id,
        (need.version, after.version),
        counterparty=need.asker_org_id,
        reason=reason,
    )
    return await end_need(tx, locked, after, story, logged, tools, appeal_until=now + APPEAL_WITHIN)
