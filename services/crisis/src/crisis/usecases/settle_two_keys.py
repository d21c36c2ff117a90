"""ConfirmTwoKeys, RefuseTwoKeys and their silence: a request ends once, by another key than the first.

The request is locked before anything the action itself locks.
"""

from dataclasses import dataclass
from uuid import UUID

from crisis.domain.reasons import REFUSE_KEY, known_reason
from crisis.domain.refusals import NotFound, RoleMissing
from crisis.domain.two_keys import KeyState, PendingKey
from crisis.events import Story
from crisis.store import command_log, two_keys
from crisis.usecases.authority import SYSTEM, acting_role
from crisis.usecases.tools import Tools, audit, story_of
from crisis.usecases.two_key_actions import ACTIONS, VOIDED, second_roles
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_chassis.deadlines import fire


@dataclass(frozen=True, slots=True)
class RefuseTwoKeys:
    """`reason` is a code of domain.reasons.REFUSE_KEY."""

    two_key_id: UUID
    reason: str


async def pending_two_keys(
    tx: Transaction, caller: Caller, crisis_id: UUID | None, after: UUID | None, limit: int
) -> list[PendingKey]:
    """Requests the caller may confirm or whose first key its organisation turned, newest first."""
    rights: list[two_keys.Right] = [
        (action, plate, grant.crisis_id)
        for action in ACTIONS
        for grant in caller.grants_of(second_roles(action))
        if grant.organisation_id in (None, caller.organisation_id)
        for plate in (sorted(grant.provinces) or [None])
    ]
    return await two_keys.pending(tx, list(ACTIONS), caller.organisation_id, rights, crisis_id, after, limit)


async def confirm_two_keys(tx: Transaction, two_key_id: UUID, caller: Caller, tools: Tools) -> PendingKey:
    """The confirmed request, its action done.

    Raises NotFound, RoleMissing, KeyNotPending, SecondKeyMissing, SameKey, and whatever the action refuses:
    then the request goes on waiting.
    """
    request, role = await _locked(tx, two_key_id, caller)
    now = tools.clock.now()
    request.must_wait_for(caller.key_id, now)
    await ACTIONS[request.action](tx, request, caller, tools)
    after = request.settled(
        KeyState.CONFIRMED, now, org_id=caller.organisation_id, key_id=caller.key_id, role=role
    )
    await _settle(tx, request, after, caller, "confirm_two_keys", tools)
    return after


async def refuse_two_keys(
    tx: Transaction, command: RefuseTwoKeys, caller: Caller, tools: Tools
) -> PendingKey:
    """The refused request; the key that asked may take its request back. Raises NotFound, RoleMissing,
    KeyNotPending, SecondKeyMissing, ReasonUnknown."""
    request, role = await _locked(tx, command.two_key_id, caller)
    now = tools.clock.now()
    request.must_be_pending(now)
    reason = known_reason(command.reason, REFUSE_KEY, "refuse a second key")
    if request.action in VOIDED:
        await VOIDED[request.action](tx, request, caller, tools)
    is_own = caller.key_id == request.first_key_id
    state = KeyState.LAPSED if is_own else KeyState.REFUSED
    after = request.settled(
        state,
        now,
        org_id=None if is_own else caller.organisation_id,
        key_id=None if is_own else caller.key_id,
        role=None if is_own else role,
        reason=reason,
    )
    await _settle(tx, request, after, caller, "refuse_two_keys", tools)
    return after


async def lapse_two_keys(tx: Transaction, deadline_id: UUID, two_key_id: UUID, tools: Tools) -> bool:
    """Void a request nobody confirmed in time. False when somebody was quicker."""
    request = await two_keys.read(tx, two_key_id, is_locked=True)
    if request is None or request.deadline_id != deadline_id or not await fire(tx, deadline_id):
        return False
    after = request.settled(KeyState.LAPSED, tools.clock.now(), reason="no_second_key")
    await _settle(tx, request, after, None, "lapse_two_keys", tools)
    return True


async def _locked(tx: Transaction, two_key_id: UUID, caller: Caller) -> tuple[PendingKey, str]:
    request = await two_keys.read(tx, two_key_id, is_locked=True)
    if request is None or request.action not in ACTIONS or not _is_visible(request, caller):
        raise NotFound(kind="request for a second key", id=str(two_key_id))
    if caller.key_id == request.first_key_id:
        return request, request.first_role
    roles = second_roles(request.action)
    return request, acting_role(caller, roles, place=request.place, crisis_id=request.crisis_id)


def _is_visible(request: PendingKey, caller: Caller) -> bool:
    """To the organisation that asked and to whoever may turn the second key."""
    if caller.organisation_id == request.first_org_id:
        return True
    try:
        acting_role(caller, second_roles(request.action), place=request.place, crisis_id=request.crisis_id)
    except RoleMissing:
        return False
    return True


async def _settle(
    tx: Transaction, before: PendingKey, after: PendingKey, caller: Caller | None, command: str, tools: Tools
) -> None:
    assert after.settled_at is not None
    await two_keys.settle(tx, before, after)
    command_id = tools.new_id()
    if caller is None:
        story = Story(command_id, after.crisis_id, after.is_drill, None, SYSTEM, after.settled_at)
    else:
        role = after.second_role or after.first_role
        story = story_of(caller, role, command_id, after.crisis_id, after.is_drill, after.settled_at)
    logged = audit(
        story,
        caller,
        command,
        two_keys.SUBJECT,
        after.two_key_id,
        (before.version, after.version),
        counterparty=after.first_org_id,
        reason=after.action if after.reason is None else f"{after.action}: {after.reason}",
    )
    await command_log.record(tx, [logged])
