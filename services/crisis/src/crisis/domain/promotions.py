"""Calling a waiting row because there is room: how much, and what becomes of the rest.

A waiting row reserves no supply, so what it still has free is asked now. A call is a desk's proposal: nothing
counts before the pledger accepts it.
"""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from .allocations import Allocation, Clock, Side, Step, cut_step, whole_step
from .answers import Doing
from .balances import ZERO, NeedBalance
from .clocks import Silence, Timers
from .crises import Crisis
from .lines import Line
from .offers import Offer, OfferState
from .ratios import ratio_of
from .states import State, Timer


class PassedOver(StrEnum):
    """Why a waiting row is not called although there is room."""

    BELOW_MIN_USEFUL = "below_min_useful"
    NOTHING_FREE = "nothing_free"
    OFFER_NOT_OPEN = "offer_not_open"


def may_call(crisis: Crisis, line: Line, now: datetime) -> bool:
    """Whether anybody may be called for the line: crisis and need open and not stale, its time not past."""
    is_open = crisis.state == "open" and line.need_state == "open"
    return is_open and not line.is_stale and line.needed_by > now


def available(balance: NeedBalance, called: Decimal) -> Decimal:
    """The room that no promoted call asks for yet."""
    return max(ZERO, balance.room - called)


def quantity_to_call(
    row: Allocation, line: Line, offer: Offer, free_supply: Decimal, left: Decimal, now: datetime
) -> Decimal | PassedOver:
    """min(the row's quantity, what its offer has free, what is left of the room), in the line's unit.

    Less than what is useful is called only where it is all that is left.
    """
    if offer.state is not OfferState.OPEN or offer.available_until <= now:
        return PassedOver.OFFER_NOT_OPEN
    ratio = ratio_of(row, line)
    free = ratio.down(ratio.need_of(free_supply))
    if free <= 0:
        return PassedOver.NOTHING_FREE
    quantity = ratio.down(min(row.qty, free, left))
    if quantity <= 0 or quantity < min(line.min_useful, left):
        return PassedOver.BELOW_MIN_USEFUL
    return quantity


def called(
    row: Allocation,
    quantity: Decimal,
    line: Line,
    timers: Timers,
    doing: Doing,
    *,
    is_taken: bool = False,
) -> Step:
    """The row becomes a call its pledger must answer, or is held where it `is_taken` without a person.

    A rest goes on waiting since when it did. Raises AllocationNotInState when the row waits no longer.
    """
    row.must_be(State.WAITLISTED)
    turn = _hold if is_taken else _call
    if quantity == row.qty:
        after = turn(row, line, timers, doing)
        return whole_step(row, after, doing.command_id, doing.line_version)
    call = turn(row.piece(doing.new_id(), quantity), line, timers, doing)
    waiting = Clock(doing.new_id(), Timer.WAITING, line.needed_by)
    rest = row.piece(doing.new_id(), row.qty - quantity)
    rest = rest.now_in(State.WAITLISTED, doing.now, doing.actor, clock=waiting)
    rest = replace(rest, waitlisted_at=row.waitlisted_at)
    return cut_step(row, row.cut(doing.now, doing.actor), (call, rest), doing.command_id, doing.line_version)


def waited_little(row: Allocation, line: Line, timers: Timers, now: datetime) -> bool:
    """Whether the pledge is as fresh as one that would be answered now."""
    since = row.waitlisted_at or row.state_since
    return now - since <= timers.period(Silence.ANSWER, line.urgency)


def _call(row: Allocation, line: Line, timers: Timers, doing: Doing) -> Allocation:
    clock = Clock(doing.new_id(), Timer.ANSWER, timers.answer_by(line.urgency, doing.now))
    after = row.now_in(State.PROPOSED, doing.now, doing.actor, clock=clock, awaiting=Side.PLEDGER)
    return replace(after, initiated_by=Side.DESK, desk_org_id=None, promoted_at=doing.now, round=0)


def _hold(row: Allocation, line: Line, timers: Timers, doing: Doing) -> Allocation:
    lease = timers.lease_until(line.urgency, doing.now, line.needed_by)
    return row.now_in(State.HELD, doing.now, doing.actor, clock=Clock(doing.new_id(), Timer.HOLD, lease))
