"""Answering a proposal, taking it back, and what silence does. An accept takes at most the room left.

Acceptor and proposer are two organisations. What is not taken is cut off and declined or waitlisted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from .allocations import Allocation, Clock, Side, Step, cut_step, whole_step
from .balances import NeedBalance
from .clocks import Timers
from .lines import Line
from .ratios import ratio_of
from .reasons import CONDITION_FAILED, DECLINE, WITHDRAW, known_reason
from .refusals import GapExceeded, QuantityAboveAllocation, RestRequired, SameParty
from .states import State, Timer
from .units import plain

SILENT_END = {
    Timer.ANSWER: ((State.PROPOSED, State.COUNTERED), State.EXPIRED),
    Timer.WAITING: ((State.WAITLISTED,), State.EXPIRED),
    Timer.HOLD: ((State.HELD,), State.HOLD_EXPIRED),
}


class Rest(StrEnum):
    """What becomes of a quantity that is not taken."""

    DECLINE = "decline"
    WAITLIST = "waitlist"


@dataclass(frozen=True, slots=True)
class Doing:
    """Who acts, when, as which command, and where ids come from. `line_version` is the event's sequence."""

    command_id: UUID
    actor_org_id: UUID | None
    actor: str
    now: datetime
    line_version: int
    new_id: Callable[[], UUID]


def accepted(
    row: Allocation,
    balance: NeedBalance,
    line: Line,
    timers: Timers,
    quantity: Decimal | None,
    rest: Rest | None,
    doing: Doing,
    *,
    side: Side = Side.ASKER_SIDE,
) -> Step:
    """Take as much as there is room for, in whole supply units. The balance must be locked by the caller.

    `side` is who accepts: an offer or a counter of the pledger is taken by the asker's side, a call or the
    desk's counter by the pledger. What waits for its turn is refused for want of room while there is none.
    Raises AllocationNotInState, NotAwaited, SameParty, NeedClosed, NeedNotOpen, LineOverdue,
    QuantityAboveAllocation, RatioInexact, RestRequired and GapExceeded.
    """
    if row.state is State.WAITLISTED and ratio_of(row, line).down(balance.room) == 0:
        raise _over(row.qty if quantity is None else quantity, balance, line.unit)
    row.must_be(State.PROPOSED, State.COUNTERED)
    row.must_await(side)
    if row.is_proposed_by(doing.actor_org_id):
        raise SameParty(side="proposer", action="accept")
    line.must_go_on(doing.now)
    take = quantity_to_take(row, line, balance, quantity, rest)
    lease = timers.lease_until(line.urgency, doing.now, line.needed_by)
    waiting = Clock(doing.new_id(), Timer.WAITING, line.needed_by)
    if take == 0:
        after = row.now_in(State.WAITLISTED, doing.now, doing.actor, clock=waiting)
        return whole_step(row, after, doing.command_id, doing.line_version)
    hold = Clock(doing.new_id(), Timer.HOLD, lease)
    if take == row.qty:
        after = row.now_in(State.HELD, doing.now, doing.actor, clock=hold)
        return whole_step(row, after, doing.command_id, doing.line_version)
    held = row.piece(doing.new_id(), take).now_in(State.HELD, doing.now, doing.actor, clock=hold)
    left = row.piece(doing.new_id(), row.qty - take)
    if rest is Rest.WAITLIST:
        left = left.now_in(State.WAITLISTED, doing.now, doing.actor, clock=waiting)
    else:
        left = left.now_in(State.DECLINED, doing.now, doing.actor, reason="rest_declined")
    return cut_step(row, row.cut(doing.now, doing.actor), (held, left), doing.command_id, doing.line_version)


def quantity_to_take(
    row: Allocation, line: Line, balance: NeedBalance, quantity: Decimal | None, rest: Rest | None
) -> Decimal:
    """How much of the row is held; 0 only when all of it goes to the waiting list."""
    unit, ratio, room = line.unit, ratio_of(row, line), balance.room
    wanted = row.qty if quantity is None else quantity
    if wanted > row.qty:
        raise QuantityAboveAllocation(quantity=plain(wanted), proposed=plain(row.qty), unit=unit)
    if wanted < row.qty:
        ratio.must_divide(wanted, unit)
    take = wanted if wanted <= room else ratio.down(room)
    nothing_taken = take == 0 and rest is not Rest.WAITLIST
    if nothing_taken or (wanted > room and rest is None):
        raise _over(wanted, balance, unit)
    if take < row.qty and rest is None:
        raise RestRequired(rest=plain(row.qty - take), unit=unit)
    return take


def _over(wanted: Decimal, balance: NeedBalance, unit: str) -> GapExceeded:
    return GapExceeded(quantity=plain(wanted), room=plain(balance.room), gap=plain(balance.gap), unit=unit)


def declined(row: Allocation, side: Side, reason: str, doing: Doing) -> Step:
    """The awaited side says no. Raises AllocationNotInState, NotAwaited, ReasonUnknown."""
    row.must_be(State.PROPOSED, State.COUNTERED)
    row.must_await(side)
    reason = known_reason(reason, DECLINE, "decline")
    after = row.now_in(State.DECLINED, doing.now, doing.actor, reason=reason)
    return whole_step(row, after, doing.command_id, doing.line_version)


def withdrawn(row: Allocation, reason: str, doing: Doing) -> Step:
    """The pledger takes it back before dispatch. Raises AllocationNotInState, ReasonUnknown."""
    row.must_be(State.PROPOSED, State.COUNTERED, State.WAITLISTED, State.HELD)
    reason = known_reason(reason, WITHDRAW, "withdraw")
    after = row.now_in(State.WITHDRAWN, doing.now, doing.actor, reason=reason)
    return whole_step(row, after, doing.command_id, doing.line_version)


def ended_by_silence(row: Allocation, kind: Timer, doing: Doing) -> Step:
    """What a timer that is still the row's own does. Raises AllocationNotInState when the row moved on."""
    waiting_states, end = SILENT_END[kind]
    row.must_be(*waiting_states)
    after = row.now_in(end, doing.now, doing.actor, reason=kind.value)
    return whole_step(row, after, doing.command_id, doing.line_version)


def ended_by_condition(row: Allocation, doing: Doing) -> Step:
    """A condition failed or was overdue while the row waited. Raises AllocationNotInState."""
    row.must_be(State.PROPOSED, State.COUNTERED, State.WAITLISTED)
    after = row.now_in(State.EXPIRED, doing.now, doing.actor, reason=CONDITION_FAILED)
    return whole_step(row, after, doing.command_id, doing.line_version)
