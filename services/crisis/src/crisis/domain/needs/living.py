"""An open need over time: confirmed or stale, on hold for a while, moved to another place.

A stale need keeps all it was promised; only calls for more stop until somebody confirms it.
"""

from collections.abc import Iterable
from datetime import datetime

from crisis.domain.balances import ZERO, NeedBalance
from crisis.domain.clocks import Silence
from crisis.domain.crises import Crisis, must_be_open, must_cover
from crisis.domain.reasons import known_reason
from crisis.domain.refusals import HandlingUnchanged, HoldInvalid, SamePlace

from .handling import HandlingSaid
from .judging import heartbeat_clock
from .need import Need, NeedClock, NewId
from .reasons import HOLD, RELOCATE
from .states import LONGEST_HOLD, STALE_INTERVALS, NeedState, NeedTimer


def confirmed(need: Need, crisis: Crisis, now: datetime, new_id: NewId) -> Need:
    """Still needed: fresh, and the clock runs anew. Raises NeedNotInState, NeedClosed."""
    need.must_be(NeedState.OPEN)
    return need.noted(is_stale=False, last_heartbeat_at=now, clock=heartbeat_clock(need, crisis, now, new_id))


def gone_stale(need: Need, crisis: Crisis, now: datetime, new_id: NewId) -> Need:
    """Nobody confirmed it in time; a desk looks at it after three more intervals of silence."""
    interval = crisis.timers.period(Silence.HEARTBEAT, need.urgency)
    clock = NeedClock(new_id(), NeedTimer.STALE, now + STALE_INTERVALS * interval)
    return need.noted(is_stale=True, clock=clock)


def looked_at_again(need: Need, crisis: Crisis, now: datetime, new_id: NewId) -> Need:
    """A need that is still stale is looked at once more after the next interval."""
    interval = crisis.timers.period(Silence.HEARTBEAT, need.urgency)
    return need.noted(is_told=False, clock=NeedClock(new_id(), NeedTimer.STALE, now + interval))


def nothing_coming(balances: Iterable[NeedBalance]) -> bool:
    """No goods are held, on the road, or waiting to be confirmed."""
    return all(balance.held + balance.in_transit + balance.arrived == ZERO for balance in balances)


def held_back(need: Need, crisis: Crisis, reason: str, until: datetime, now: datetime, new_id: NewId) -> Need:
    """No new promises until then; what was promised goes on.

    Raises CrisisNotOpen, NeedNotInState, NeedClosed, ReasonUnknown, HoldInvalid.
    """
    need.must_be(NeedState.OPEN)
    must_be_open(crisis)
    latest = now + LONGEST_HOLD
    if not now < until <= latest:
        raise HoldInvalid(until=until.isoformat(), now=now.isoformat(), latest=latest.isoformat())
    return need.now_in(
        NeedState.ON_HOLD,
        now,
        NeedClock(new_id(), NeedTimer.HOLD, until),
        reason=known_reason(reason, HOLD, "hold"),
    )


def resumed(need: Need, crisis: Crisis, now: datetime, new_id: NewId) -> Need:
    """Open again; whoever resumes it has looked at it, so its clock starts anew.

    Raises NeedNotInState, NeedClosed.
    """
    need.must_be(NeedState.ON_HOLD)
    return need.now_in(NeedState.OPEN, now, heartbeat_clock(need, crisis, now, new_id))


def relocated(need: Need, crisis: Crisis, district: str, reason: str) -> Need:
    """The same need at another place of the crisis area; what a desk of the old one delegated ends.

    Raises CrisisNotOpen, NeedNotInState, NeedClosed, UnknownPlace, PlaceOutsideArea, SamePlace,
    ReasonUnknown.
    """
    need.must_be(NeedState.OPEN)
    must_be_open(crisis)
    must_cover(crisis, district)
    if district == need.district:
        raise SamePlace(place=district)
    told = known_reason(reason, RELOCATE, "relocate")
    return need.noted(district=district, reason=told, handling=need.handling.moved(), delegation=None)


def handled_anew(need: Need, said: HandlingSaid) -> Need:
    """A need others know of, to be handled as is said now; nobody is told.

    Raises NeedNotInState (what is still being written is said anew as a whole), NeedClosed,
    HandlingUnchanged.
    """
    need.must_be(NeedState.SUBMITTED, NeedState.OPEN, NeedState.ON_HOLD)
    handling = said.on(need.handling)
    if handling == need.handling:
        raise HandlingUnchanged
    return need.noted(is_told=False, handling=handling)
