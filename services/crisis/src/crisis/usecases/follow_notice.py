"""FollowNotice: what became of a notice decides whether the clock it speaks of may run.

A clock stands still while nobody could be reached, for at most one further period; delivery lets it run on.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from crisis.domain.allocations import Clock
from crisis.domain.clocks import Silence, Timers
from crisis.domain.lines import Line
from crisis.domain.states import Timer
from crisis.store import allocations, crises, lines
from imece_chassis.database import Transaction
from imece_chassis.deadlines import run_on, stand_still

SILENCES = {Timer.ANSWER: Silence.ANSWER, Timer.HOLD: Silence.HOLD}
"""Clocks of allocations that wait for a notified side, and how long each may stand still."""


class Outcome(StrEnum):
    """What became of a notice."""

    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    DEFERRED = "deferred"


@dataclass(frozen=True, slots=True)
class FollowNotice:
    """A notice that names the deadline it is about."""

    deadline_ref: UUID
    outcome: Outcome
    at: datetime


async def follow_notice(tx: Transaction, command: FollowNotice) -> bool:
    """Stop the clock or let it run on. False when nothing waits on this clock, or it did so already."""
    row = await allocations.of_deadline(tx, command.deadline_ref)
    if row is None or row.clock is None or row.clock.kind not in SILENCES:
        return False
    if command.outcome is Outcome.DELIVERED:
        return await run_on(tx, command.deadline_ref, command.at)
    line = (await lines.read(tx, [row.need_line_id]))[row.need_line_id]
    crisis = await crises.read(tx, row.crisis_id)
    assert crisis is not None
    period = further_period(row.clock, line, crisis.timers)
    ends = line.needed_by if row.clock.kind is Timer.HOLD else None
    return await stand_still(tx, command.deadline_ref, command.at, period, ends)


def further_period(clock: Clock, line: Line, timers: Timers) -> timedelta:
    """One further period of a clock that may stand still."""
    return timers.period(SILENCES[clock.kind], line.urgency)
