"""CloseCrisis and ReopenCrisis: over when nothing in it waits; opened again within 30 days, with two keys.

With the crisis its saturation orders end at once, and its offers and tasks by a deadline due at once.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from crisis import events
from crisis.domain.crises import REVIEW_EVERY, CrisisFacts, CrisisState, CrisisTimer
from crisis.domain.lifecycle import closed, must_be, must_be_reopenable, reopened
from crisis.domain.orders import Lapse, lapsed
from crisis.domain.reasons import RESUME, known_reason
from crisis.domain.refusals import CrisisNotEmpty
from crisis.domain.tasks import TaskKind
from crisis.domain.two_keys import PendingKey
from crisis.store import crises, orders, winding_down
from crisis.usecases import order_step
from crisis.usecases.authority import SECRETARIAT, acting_role
from crisis.usecases.clear_crisis import REMAINS
from crisis.usecases.crisis_step import locked, settle, write
from crisis.usecases.tools import Tools, story_of
from crisis.usecases.two_keys import first_key
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline, schedule_once

REOPEN = "reopen_crisis"
SECOND_KEY_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class ReopenCrisis:
    """`reason` is a code of domain.reasons.RESUME."""

    crisis_id: UUID
    reason: str


async def close_crisis(tx: Transaction, crisis_id: UUID, caller: Caller, tools: Tools) -> CrisisFacts:
    """The closed crisis. Raises NotFound, RoleMissing, CrisisNotInState, CrisisNotEmpty."""
    role = acting_role(caller, (SECRETARIAT,), crisis_id=crisis_id)
    before = await locked(tx, crisis_id)
    must_be(before, CrisisState.STOOD_DOWN)
    count, rows = await winding_down.unfinished(tx, crisis_id)
    if count:
        raise CrisisNotEmpty(count=str(count), first=rows[0], rows=rows)
    now = tools.clock.now()
    after = closed(before, now)
    story = story_of(caller, role, tools.new_id(), crisis_id, after.is_drill, now)
    told = events.crisis_closed(after, story)
    await write(tx, before, after, told, story, caller, "close_crisis")
    await settle(tx, after, "closed", (TaskKind.WIND_DOWN, TaskKind.LEVEL_REVIEW), story, tools)
    for seen in await orders.in_force(tx, [crisis_id]):
        order = await order_step.lock(tx, seen)
        ended = lapsed(order, Lapse.LIFTED, now)
        of_order = replace(story, command_id=tools.new_id())
        await order_step.write(tx, order, ended, "lift_order", caller, of_order)
    await schedule_once(tx, Deadline(tools.new_id(), crises.SUBJECT, crisis_id, REMAINS, now))
    return after


async def ask_to_reopen(tx: Transaction, command: ReopenCrisis, caller: Caller, tools: Tools) -> UUID:
    """The first of two keys: the id of the request another key of the secretariat must confirm in a day.

    Raises NotFound, RoleMissing, ReasonUnknown, CrisisNotInState, ReopeningTooLate, KeyPending.
    """
    role = acting_role(caller, (SECRETARIAT,), crisis_id=command.crisis_id)
    crisis = await locked(tx, command.crisis_id)
    reason = known_reason(command.reason, RESUME, "reopen")
    now = tools.clock.now()
    must_be_reopenable(crisis, now)
    return await first_key(
        tx,
        action=REOPEN,
        subject_type=crises.SUBJECT,
        subject_id=crisis.crisis_id,
        payload={"reason": reason},
        crisis_id=crisis.crisis_id,
        is_drill=crisis.is_drill,
        expires_at=now + SECOND_KEY_WITHIN,
        caller=caller,
        story=story_of(caller, role, tools.new_id(), crisis.crisis_id, crisis.is_drill, now),
        tools=tools,
    )


async def reopen_crisis(tx: Transaction, request: PendingKey, caller: Caller, tools: Tools) -> CrisisFacts:
    """The second key: the crisis open again. Raises CrisisNotInState, ReopeningTooLate."""
    role = acting_role(caller, (SECRETARIAT,), crisis_id=request.crisis_id)
    before = await locked(tx, request.subject_id)
    now, reason = tools.clock.now(), str(request.payload["reason"])
    after = reopened(before, reason, now, tools.new_id())
    story = story_of(caller, role, tools.new_id(), after.crisis_id, after.is_drill, now)
    told = events.crisis_reopened(after, story)
    clock = (CrisisTimer.REVIEW, now + REVIEW_EVERY)
    await write(tx, before, after, told, story, caller, "reopen_crisis", clock=clock, reason=reason)
    return after
