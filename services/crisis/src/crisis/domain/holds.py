"""What becomes of goods that are held or called before they leave: a longer lease, or release.

A lease never ends later than the goods are needed. The pledger may extend once, afterwards a desk. A desk
takes held goods at once only for a reason that is so; for any other it asks, and the holder answers.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from .allocations import Allocation, Clock, Plan, Side, Step, whole_step
from .answers import Doing
from .balances import ZERO
from .clocks import Silence, Timers
from .fitness import share_left
from .lines import Line
from .proposals import must_leave_in_time
from .reasons import (
    CANCEL_CALL,
    CRISIS_STOOD_DOWN,
    HOLDER_AGREED,
    HOLDER_SUSPENDED,
    LINE_CLOSED,
    RELEASE,
    REQUESTED_LOWERED,
    known_reason,
)
from .refusals import (
    ExtensionOfPledger,
    ExtensionUsed,
    LeaseInvalid,
    LeaseOver,
    NotACall,
    ReasonNotSo,
    SameParty,
)
from .releases import letting_go, released
from .states import State, Timer


def leases_left(rows: Iterable[Allocation], now: datetime) -> dict[UUID, Decimal]:
    """Which share of its lease each held row had left when it was given up, by allocation id."""
    return {
        row.allocation_id: share_left(row.state_since, row.clock.due_at, now)
        for row in rows
        if row.state is State.HELD and row.clock is not None
    }


def extended(
    row: Allocation, side: Side, until: datetime | None, plan: Plan, line: Line, timers: Timers, doing: Doing
) -> Step:
    """A longer lease on a dispatch plan; without `until` as long as may be.

    Raises AllocationNotInState, LeaseOver, ExtensionUsed, ExtensionOfPledger, PlanInvalid and LeaseInvalid.
    """
    row.must_be(State.HELD)
    assert row.clock is not None
    ends = row.clock.due_at
    if ends <= doing.now:
        raise LeaseOver(lease_until=ends.isoformat())
    if side is Side.PLEDGER and row.extensions:
        raise ExtensionUsed
    if side is not Side.PLEDGER and not row.extensions:
        raise ExtensionOfPledger
    must_leave_in_time(plan, line, doing)
    most = min(ends + timers.period(Silence.HOLD, line.urgency), line.needed_by)
    wanted = most if until is None else until
    if not ends < wanted <= most:
        raise LeaseInvalid(until=wanted.isoformat(), lease_until=ends.isoformat(), most=most.isoformat())
    after = replace(
        row,
        clock=Clock(doing.new_id(), Timer.HOLD, wanted),
        plan=plan,
        extensions=row.extensions + 1,
        last_actor=doing.actor,
        version=row.version + 1,
    )
    return Step(changed=(after,), added=(), entries=(), stopped=row.clock.deadline_id)


def planned(row: Allocation, plan: Plan, line: Line, doing: Doing) -> Step:
    """The row with a dispatch plan, its lease as it was. Raises AllocationNotInState, PlanInvalid."""
    row.must_be(State.HELD)
    must_leave_in_time(plan, line, doing)
    after = replace(row, plan=plan, last_actor=doing.actor, version=row.version + 1)
    return Step(changed=(after,), added=(), entries=(), stopped=None)


def call_cancelled(row: Allocation, reason: str, doing: Doing) -> Step:
    """The desk takes its own call back. Raises AllocationNotInState, NotACall, ReasonUnknown."""
    row.must_be(State.PROPOSED, State.COUNTERED)
    if row.initiated_by is not Side.DESK:
        raise NotACall
    reason = known_reason(reason, CANCEL_CALL, "cancel a call")
    after = row.now_in(State.RELEASED, doing.now, doing.actor, reason=reason)
    return whole_step(row, after, doing.command_id, doing.line_version)


@dataclass(frozen=True, slots=True)
class Grounds:
    """What is so of a held row when a desk would take it: `surplus` of its line in the line's unit."""

    surplus: Decimal = ZERO
    is_stood_down: bool = False
    is_suspended: bool = False
    is_agreed: bool = False

    def reasons(self, line: Line) -> frozenset[str]:
        """The codes of RELEASE that may be named. An objection ends what it is against by itself."""
        so = {
            LINE_CLOSED: line.need_state == "closed",
            REQUESTED_LOWERED: self.surplus > ZERO,
            HOLDER_AGREED: self.is_agreed,
            HOLDER_SUSPENDED: self.is_suspended,
            CRISIS_STOOD_DOWN: self.is_stood_down,
        }
        return frozenset(code for code, is_so in so.items() if is_so)


def hold_released(row: Allocation, reason: str, grounds: Grounds, line: Line, doing: Doing) -> Step:
    """A desk of another organisation gives held goods back to the pledger, of a surplus what is too much.

    Raises AllocationNotInState, SameParty, ReasonUnknown, ReasonNotSo.
    """
    row.must_be(State.HELD)
    if doing.actor_org_id == row.pledger_org_id:
        raise SameParty(side="pledger", action="release")
    reason = known_reason(reason, RELEASE, "release a hold")
    so = grounds.reasons(line)
    if reason not in so:
        raise ReasonNotSo(reason=reason, so=", ".join(sorted(so)) or "–")
    quantity = row.qty
    if reason == REQUESTED_LOWERED:
        (letting,) = letting_go([row], min(grounds.surplus, row.qty), line)
        quantity = letting.qty
    return released(row, quantity, reason, doing)
