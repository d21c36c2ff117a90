"""What becomes of goods that are held or called before they leave: a longer lease, or release.

A lease never ends later than the goods are needed. The pledger may extend once, afterwards a desk.
"""

from dataclasses import replace
from datetime import datetime

from .allocations import Allocation, Clock, Plan, Side, Step, whole_step
from .answers import Doing
from .clocks import Silence, Timers
from .lines import Line
from .proposals import must_leave_in_time
from .reasons import CANCEL_CALL, RELEASE, known_reason
from .refusals import ExtensionUsed, LeaseInvalid, LeaseOver, NotACall, SameParty
from .releases import released
from .states import State, Timer


def extended(
    row: Allocation, side: Side, until: datetime | None, plan: Plan, line: Line, timers: Timers, doing: Doing
) -> Step:
    """A longer lease on a dispatch plan; without `until` as long as may be.

    Raises AllocationNotInState, LeaseOver, ExtensionUsed, PlanInvalid and LeaseInvalid.
    """
    row.must_be(State.HELD)
    assert row.clock is not None
    ends = row.clock.due_at
    if ends <= doing.now:
        raise LeaseOver(lease_until=ends.isoformat())
    if side is Side.PLEDGER and row.extensions:
        raise ExtensionUsed
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


def hold_released(row: Allocation, reason: str, doing: Doing) -> Step:
    """A desk of another organisation gives held goods back to the pledger.

    Raises AllocationNotInState, SameParty, ReasonUnknown.
    """
    row.must_be(State.HELD)
    if doing.actor_org_id == row.pledger_org_id:
        raise SameParty(side="pledger", action="release")
    return released(row, row.qty, known_reason(reason, RELEASE, "release a hold"), doing)
