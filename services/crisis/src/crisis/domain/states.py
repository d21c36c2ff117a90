"""The states of an allocation: the bucket each is counted in on both sides, and what ends its silence.

`refuse_unfinished_states` runs at start-up: a state without bucket entry, or a waiting state without timer,
stops the service and is named.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """Workflow state of one allocation row; values as stored."""

    PROPOSED = "proposed"
    COUNTERED = "countered"
    WAITLISTED = "waitlisted"
    HELD = "held"
    DISPATCHED = "dispatched"
    ARRIVED = "arrived"
    CONFIRMED = "confirmed"
    RETURN_DUE = "return_due"
    RETURNING = "returning"
    DAMAGED = "damaged"
    SHORT = "short"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    RELEASED = "released"
    HOLD_EXPIRED = "hold_expired"
    RETURNED = "returned"
    WRITTEN_OFF = "written_off"
    SPLIT = "split"


class NeedBucket(StrEnum):
    """Column of need_line_balances."""

    PROPOSED = "proposed"
    WAITLISTED = "waitlisted"
    HELD = "held"
    IN_TRANSIT = "in_transit"
    ARRIVED = "arrived"
    GOOD = "good"
    LOST = "lost"


class SupplyBucket(StrEnum):
    """Column of offer_line_balances."""

    RESERVED = "reserved"
    COMMITTED = "committed"
    CONSUMED = "consumed"


class Timer(StrEnum):
    """What ends the silence of a waiting state."""

    ANSWER = "allocation.answer"
    HOLD = "allocation.hold"
    WAITING = "allocation.waiting"
    CONFIRM = "allocation.confirm"
    RETURN = "allocation.return"
    PROMOTE = "need_line.promote"


Buckets = tuple[NeedBucket | None, SupplyBucket | None]

BUCKETS: Mapping[State, Buckets] = MappingProxyType(
    {
        State.PROPOSED: (NeedBucket.PROPOSED, SupplyBucket.RESERVED),
        State.COUNTERED: (NeedBucket.PROPOSED, SupplyBucket.RESERVED),
        State.WAITLISTED: (NeedBucket.WAITLISTED, None),
        State.HELD: (NeedBucket.HELD, SupplyBucket.COMMITTED),
        State.DISPATCHED: (NeedBucket.IN_TRANSIT, SupplyBucket.COMMITTED),
        State.ARRIVED: (NeedBucket.ARRIVED, SupplyBucket.COMMITTED),
        State.CONFIRMED: (NeedBucket.GOOD, SupplyBucket.CONSUMED),
        State.RETURN_DUE: (NeedBucket.GOOD, SupplyBucket.CONSUMED),
        State.RETURNING: (None, SupplyBucket.COMMITTED),
        State.DAMAGED: (NeedBucket.LOST, SupplyBucket.CONSUMED),
        State.SHORT: (NeedBucket.LOST, SupplyBucket.CONSUMED),
        State.DECLINED: (None, None),
        State.EXPIRED: (None, None),
        State.WITHDRAWN: (None, None),
        State.RELEASED: (None, None),
        State.HOLD_EXPIRED: (None, None),
        State.RETURNED: (None, SupplyBucket.CONSUMED),
        State.WRITTEN_OFF: (None, SupplyBucket.CONSUMED),
        State.SPLIT: (None, None),
    }
)

WAITING: Mapping[State, Timer] = MappingProxyType(
    {
        State.PROPOSED: Timer.ANSWER,
        State.COUNTERED: Timer.ANSWER,
        State.WAITLISTED: Timer.WAITING,
        State.HELD: Timer.HOLD,
        State.DISPATCHED: Timer.CONFIRM,
        State.ARRIVED: Timer.CONFIRM,
        State.RETURN_DUE: Timer.RETURN,
        State.RETURNING: Timer.RETURN,
    }
)
"""States that wait for somebody. A confirmed loan waits too, through its `loan_until`."""

FINISHED = frozenset(State) - frozenset(WAITING) - {State.CONFIRMED}
"""States nothing follows. A confirmed loan can still come back."""


class UnfinishedState(RuntimeError):
    """A state exists that the ledger could not count or that could wait for ever."""


def refuse_unfinished_states(
    states: frozenset[str] = frozenset(State),
    buckets: Mapping[State, Buckets] = BUCKETS,
    waiting: Mapping[State, Timer] = WAITING,
    ends: frozenset[State] = FINISHED | {State.CONFIRMED},
) -> None:
    """Raise UnfinishedState naming every state without bucket entry or without an end to its silence."""
    uncounted = sorted(state for state in states if state not in buckets)
    if uncounted:
        raise UnfinishedState(f"no bucket is declared for: {', '.join(uncounted)}")
    silent = sorted(state for state in states if state not in waiting and state not in ends)
    if silent:
        raise UnfinishedState(f"no timer ends the silence of: {', '.join(silent)}")
