"""StandDown and Reactivate: no new needs, and what runs is brought to its end; or all of it taken back.

Answers become due within a day and waiting pledges end with the wind-down; what is held is decided one by
one, in portions that a deadline due at once asks for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crisis import events
from crisis.domain.clocks import ANSWER_AT_MOST
from crisis.domain.crises import REVIEW_EVERY, CrisisFacts, CrisisTimer
from crisis.domain.lifecycle import WIND_DOWN, WIND_DOWN_ASKED_AFTER, reactivated, stood_down
from crisis.domain.reasons import RESUME, STAND_DOWN, known_reason
from crisis.domain.states import Timer
from crisis.domain.tasks import TaskKind
from crisis.store import crises, winding_down
from crisis.usecases.authority import SECRETARIAT, acting_role
from crisis.usecases.crisis_step import locked, settle, write
from crisis.usecases.tools import Tools, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline, schedule_anew, schedule_once
from imece_chassis.ids import uuid7

HOLDS = "crisis.holds"
"""Kind of the deadline, due at once, that puts what is held on the desks' queues."""


@dataclass(frozen=True, slots=True)
class StandDown:
    """`reason` is a code of domain.reasons.STAND_DOWN."""

    crisis_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Reactivate:
    """`reason` is a code of domain.reasons.RESUME."""

    crisis_id: UUID
    reason: str


async def stand_down(tx: Transaction, command: StandDown, caller: Caller, tools: Tools) -> CrisisFacts:
    """The crisis stood down. Raises NotFound, RoleMissing, ReasonUnknown, CrisisNotInState."""
    role = acting_role(caller, (SECRETARIAT,), crisis_id=command.crisis_id)
    before = await locked(tx, command.crisis_id)
    reason = known_reason(command.reason, STAND_DOWN, "stand down")
    now = tools.clock.now()
    after = stood_down(before, reason, now, tools.new_id())
    story = story_of(caller, role, tools.new_id(), after.crisis_id, after.is_drill, now)
    told = events.crisis_stood_down(after, story)
    clock = (CrisisTimer.WIND_DOWN, now + WIND_DOWN_ASKED_AFTER)
    await write(tx, before, after, told, story, caller, "stand_down", clock=clock, reason=reason)
    await settle(tx, after, "stood_down", (TaskKind.LEVEL_REVIEW,), story, tools)
    await winding_down.hasten(tx, after.crisis_id, answer_by=now + ANSWER_AT_MOST, wait_until=now + WIND_DOWN)
    await ask_about_holds(tx, {after.crisis_id: now})
    return after


async def ask_about_holds(tx: Transaction, due: Mapping[UUID, datetime]) -> None:
    """Put what is held in crises that are stood down, and was not asked about yet, on the desks' queues."""
    await schedule_anew(
        tx, *(Deadline(uuid7(), crises.SUBJECT, crisis_id, HOLDS, at) for crisis_id, at in due.items())
    )


async def reactivate(tx: Transaction, command: Reactivate, caller: Caller, tools: Tools) -> CrisisFacts:
    """The crisis open again; pledges wait as long as their line does, answers keep their shorter time.

    Lines with room call who waits: nobody was called while the crisis was stood down.

    Raises NotFound, RoleMissing, ReasonUnknown, CrisisNotInState.
    """
    role = acting_role(caller, (SECRETARIAT,), crisis_id=command.crisis_id)
    before = await locked(tx, command.crisis_id)
    reason = known_reason(command.reason, RESUME, "reactivate")
    now = tools.clock.now()
    after = reactivated(before, reason, tools.new_id())
    story = story_of(caller, role, tools.new_id(), after.crisis_id, after.is_drill, now)
    told = events.crisis_reactivated(after, story)
    clock = (CrisisTimer.REVIEW, now + REVIEW_EVERY)
    await write(tx, before, after, told, story, caller, "reactivate_crisis", clock=clock, reason=reason)
    await settle(tx, after, "reactivated", (TaskKind.WIND_DOWN,), story, tools)
    await winding_down.let_wait(tx, after.crisis_id)
    await schedule_once(
        tx,
        *(
            Deadline(tools.new_id(), "need_line", line, Timer.PROMOTE, now)
            for line in await winding_down.lines_to_call(tx, after.crisis_id)
        ),
    )
    return after
