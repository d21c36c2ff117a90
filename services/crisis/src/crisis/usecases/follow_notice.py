"""FollowNotice: what became of a notice decides whether the clock it speaks of may run.

A clock stands still while whom it waits for could not be reached, for at most one further period; delivery
lets it run on. A proposal to the asker's side waits for the desk that answers it, not for the asker. A
request to let goods go waits for their holder, whose silence is a yes: it stands still. So does a question to
the pledger, whose silence is a no. Where a desk wrote for a pledger without access, they wait for that desk.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from crisis.domain.allocations import Allocation, Clock, Side
from crisis.domain.clocks import Silence, Timers
from crisis.domain.lines import Line
from crisis.domain.states import Timer
from crisis.store import allocations, crises, lines, release_requests, waivers
from crisis.usecases.awaited_desk import awaited_desk
from crisis.usecases.representing import answering_organisation
from imece_chassis.database import Transaction
from imece_chassis.deadlines import run_on, stand_still

SILENCES: Mapping[Timer, Silence] = MappingProxyType({Timer.ANSWER: Silence.ANSWER, Timer.HOLD: Silence.HOLD})
"""Clocks of allocations that wait for a notified side, and how long each may stand still."""


class Outcome(StrEnum):
    """What became of a notice."""

    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    DEFERRED = "deferred"


@dataclass(frozen=True, slots=True)
class FollowNotice:
    """A notice to an organisation that names the deadline it is about."""

    deadline_ref: UUID
    organisation_id: UUID
    outcome: Outcome
    at: datetime


@dataclass(frozen=True, slots=True)
class _Awaited:
    """Whom a clock waits for, how long it may stand still, and when it must have come due at the latest."""

    organisation_id: UUID
    period: timedelta
    not_after: datetime | None


async def follow_notice(tx: Transaction, command: FollowNotice) -> bool:
    """Stop the clock or let it run on. A row is locked before its clock, as by whoever ends either.

    False when nothing waits on this clock or it waits for somebody else, or it did so already.
    """
    row = await allocations.of_deadline(tx, command.deadline_ref)
    awaited = await (_of_row(tx, row, command.at) if row else _of_question(tx, command))
    if awaited is None or awaited.organisation_id != command.organisation_id:
        return False
    if row is not None:
        await allocations.read(tx, row.allocation_id, is_locked=True)
    if command.outcome is Outcome.DELIVERED:
        has_moved = await run_on(tx, command.deadline_ref, command.at)
    else:
        has_moved = await stand_still(tx, command.deadline_ref, command.at, awaited.period, awaited.not_after)
    if has_moved and row is not None:
        await allocations.tell_of_clock(tx, row.allocation_id)
    return has_moved


def further_period(clock: Clock, line: Line, timers: Timers) -> timedelta:
    """One further period of a clock that may stand still."""
    return timers.period(SILENCES[clock.kind], line.urgency)


async def _of_question(tx: Transaction, command: FollowNotice) -> _Awaited | None:
    request = await release_requests.of_deadline(tx, command.deadline_ref)
    if request is None:
        return await _of_waiver(tx, command.deadline_ref)
    held = await allocations.read(tx, request.allocation_id)
    assert held is not None
    line, timers = await _terms(tx, held)
    holder = await answering_organisation(tx, held, line, command.at)
    return _Awaited(holder, timers.period(Silence.RELEASE, line.urgency), None)


async def _of_waiver(tx: Transaction, deadline_ref: UUID) -> _Awaited | None:
    waiver = await waivers.of_deadline(tx, deadline_ref)
    if waiver is None:
        return None
    line = (await lines.read(tx, [waiver.need_line_id]))[waiver.need_line_id]
    crisis = await crises.read(tx, waiver.crisis_id)
    assert crisis is not None
    return _Awaited(waiver.asked_of_org, crisis.timers.period(Silence.ANSWER, line.urgency), None)


async def _of_row(tx: Transaction, row: Allocation, at: datetime) -> _Awaited | None:
    if row.clock is None or row.clock.kind not in SILENCES:
        return None
    line, timers = await _terms(tx, row)
    is_hold = row.clock.kind is Timer.HOLD
    is_pledger = is_hold or row.awaiting is Side.PLEDGER
    if is_pledger:
        organisation = await answering_organisation(tx, row, line, at)
    else:
        organisation = await awaited_desk(tx, row, line)
    if organisation is None:
        return None
    return _Awaited(
        organisation_id=organisation,
        period=further_period(row.clock, line, timers),
        not_after=line.needed_by if is_hold else None,
    )


async def _terms(tx: Transaction, row: Allocation) -> tuple[Line, Timers]:
    line = (await lines.read(tx, [row.need_line_id]))[row.need_line_id]
    crisis = await crises.read(tx, row.crisis_id)
    assert crisis is not None
    return line, crisis.timers
