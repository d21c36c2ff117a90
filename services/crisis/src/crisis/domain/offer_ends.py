"""How offers stop: suspended for a while, or closed, and what then becomes of rows that still wait on them.

Closing takes nothing back that was accepted: held goods go on under their own clocks.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from enum import Enum, StrEnum
from uuid import UUID

from .allocations import Allocation, Step, whole_step
from .answers import Doing
from .balances import OfferBalance
from .offers import SUSPENSION_LIFE, Cause, Offer, OfferClock, OfferState, OfferTimer
from .refusals import HoldsRemain, OfferOver
from .states import State

WAITING_ROWS = (State.PROPOSED, State.COUNTERED, State.WAITLISTED)


class CloseReason(StrEnum):
    """Why an offer ended by itself; whoever takes it back names a code of the WITHDRAW list."""

    EXPIRED = "expired"
    USED_UP = "used_up"
    REJECTED = "rejected"
    CALL_ENDED = "call_ended"
    CRISIS_ENDED = "crisis_ended"
    PLEDGE_ENDED = "pledge_ended"


def suspended(offer: Offer, cause: Cause, reason: str, now: datetime, new_id: Callable[[], UUID]) -> Offer:
    """The open offer as it takes nothing new for now. Raises OfferNotInState."""
    offer.must_be(OfferState.OPEN)
    until = min(now + SUSPENSION_LIFE, offer.available_until)
    clock = OfferClock(new_id(), OfferTimer.SUSPENSION, until)
    return offer.now_in(OfferState.SUSPENDED, clock, cause=cause, reason=reason).heard()


def resumed(offer: Offer, now: datetime, new_id: Callable[[], UUID]) -> Offer:
    """The suspended offer as open again. Raises OfferNotInState, OfferOver."""
    offer.must_be(OfferState.SUSPENDED)
    if offer.available_until <= now:
        raise OfferOver(available_until=offer.available_until.isoformat())
    clock = OfferClock(new_id(), OfferTimer.AVAILABLE, offer.available_until)
    return offer.now_in(OfferState.OPEN, clock).heard()


def closed(offer: Offer, reason: str) -> Offer:
    """The offer as it ended; only what others had heard of is told. Raises OfferNotInState."""
    offer.must_be(OfferState.DRAFT, OfferState.INTERNAL_APPROVAL, OfferState.OPEN, OfferState.SUSPENDED)
    ended = offer.now_in(OfferState.CLOSED, None, reason=reason)
    return ended.heard() if offer.told else ended


def must_hold_nothing(held: Collection[Allocation]) -> None:
    """Raise HoldsRemain naming every held row: each must be withdrawn for itself."""
    if held:
        rows = ", ".join(str(row.allocation_id) for row in held)
        raise HoldsRemain(count=str(len(held)), rows=rows)


class Instead(Enum):
    """What an offer that does not end by itself does."""

    GOES_ON = 1
    IS_MATCHED = 2


def what_becomes(
    offer: Offer, balances: Collection[OfferBalance], states: Sequence[State]
) -> CloseReason | Instead:
    """Why the offer ends by itself now, or what it does instead.

    `states` are those of its rows, the one that changed last first.
    """
    if offer.state not in (OfferState.OPEN, OfferState.SUSPENDED):
        return Instead.GOES_ON
    reason = end_of(offer, balances)
    if reason is not None:
        return reason
    if not states or not is_left_over(offer, balances, states):
        return Instead.GOES_ON
    return end_left_over(offer, states[0]) or Instead.IS_MATCHED


def end_of(offer: Offer, balances: Collection[OfferBalance]) -> CloseReason | None:
    """Why the offer ends by itself now: nothing is left, or the call it was made for is over."""
    if all(balance.consumed == balance.qty for balance in balances):
        return CloseReason.USED_UP
    is_idle = all(balance.free == balance.qty for balance in balances)
    return CloseReason.CALL_ENDED if offer.ends_with_call and is_idle else None


def is_left_over(offer: Offer, balances: Collection[OfferBalance], states: Collection[State]) -> bool:
    """Whether all that was promised of an offer made for it has ended, in these `states` of its rows."""
    is_idle = all(balance.free == balance.qty for balance in balances)
    return not offer.is_unsolicited and is_idle and not any(state in WAITING_ROWS for state in states)


def end_left_over(offer: Offer, last: State) -> CloseReason | None:
    """Why an offer that is left over ends: its goods go back to their package, or its pledger took them back.

    `last` is how the last promise of it ended. None: it waits to be matched.
    """
    is_taken_back = offer.package_id is not None or last is State.WITHDRAWN
    return CloseReason.PLEDGE_ENDED if is_taken_back else None


def to_be_matched(offer: Offer) -> Offer:
    """The offer without target, as desks look for one."""
    return replace(offer, is_unsolicited=True, version=offer.version + 1)


def ended_with_offer(row: Allocation, doing: Doing) -> Step:
    """A row that waited on an offer that ended. Raises AllocationNotInState."""
    row.must_be(*WAITING_ROWS)
    after = row.now_in(State.EXPIRED, doing.now, doing.actor, reason="offer_closed")
    return whole_step(row, after, doing.command_id, doing.line_version)
