"""How needs end and begin again: met, closed with a reason, expired, re-opened.

Nothing on its way is ever left without a need: goods in transit or arrived keep a need from being closed by
hand. A need whose every line is met closes by itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from crisis.domain.balances import NeedBalance
from crisis.domain.crises import Crisis, must_be_open
from crisis.domain.reasons import known_reason
from crisis.domain.refusals import (
    GoodsOnTheWay,
    NeedClosed,
    NeedMerged,
    NeedNotInState,
    NeedReopenTooLate,
    NeverOpened,
    TooFewAttempts,
)

from .judging import heartbeat_clock
from .need import Need, NeedClock, NewId
from .reasons import CLOSE, REOPEN
from .states import ATTEMPTS_NEEDED, REOPEN_WITHIN, RETURNED_LIFE, CloseReason, NeedState, NeedTimer


def closed(
    need: Need, reason: str, balances: Mapping[UUID, NeedBalance], attempts: int, now: datetime
) -> Need:
    """Closed by the asker or a desk. `attempts` to reach the asker count since it was last confirmed.

    Raises NeedNotInState, NeedClosed, ReasonUnknown, GoodsOnTheWay, TooFewAttempts.
    """
    need.must_be(NeedState.OPEN, NeedState.ON_HOLD)
    code = CloseReason(known_reason(reason, CLOSE, "close"))
    moving = sorted(
        str(line_id) for line_id, balance in balances.items() if balance.in_transit + balance.arrived
    )
    if moving:
        raise GoodsOnTheWay(lines=", ".join(moving))
    if code is CloseReason.UNREACHABLE and attempts < ATTEMPTS_NEEDED:
        since = need.last_heartbeat_at or need.state_since
        raise TooFewAttempts(attempts=str(attempts), since=since.isoformat(), needed=str(ATTEMPTS_NEEDED))
    return _ended(need, code, now)


def is_met(need: Need, balances: Iterable[NeedBalance]) -> bool:
    """Whether an open need has all it asked for: delivered or met elsewhere, on every line."""
    return need.state is NeedState.OPEN and all(
        balance.good + balance.elsewhere >= balance.requested for balance in balances
    )


def met(need: Need, now: datetime) -> Need:
    """Closed because everything came. Raises NeedNotInState, NeedClosed."""
    need.must_be(NeedState.OPEN)
    return _ended(need, CloseReason.MET, now)


def reminded(need: Need, now: datetime, new_id: NewId) -> Need:
    """The asker of a returned need was reminded; it expires seven days after it was returned."""
    due_at = max(now, need.state_since + RETURNED_LIFE)
    return need.noted(clock=NeedClock(new_id(), NeedTimer.RETURNED, due_at))


def expired(need: Need, now: datetime) -> Need:
    """A draft nobody submitted or a returned need nobody completed; a draft's end is as private as it was.

    Raises NeedNotInState, NeedClosed.
    """
    need.must_be(NeedState.DRAFT, NeedState.RETURNED)
    after = _ended(need, CloseReason.EXPIRED, now)
    return replace(after, told=need.told) if need.is_private else after


def reopened(need: Need, crisis: Crisis, reason: str, now: datetime, new_id: NewId) -> Need:
    """Open again within fourteen days, as verified as it was.

    Raises CrisisNotOpen, NeedNotInState, NeverOpened, NeedMerged, NeedReopenTooLate, ReasonUnknown.
    """
    must_be_open(crisis)
    if need.state is not NeedState.CLOSED:
        raise NeedNotInState(state=need.state.value, wanted=NeedState.CLOSED.value)
    if need.opened_at is None:
        raise NeverOpened(reason=need.close_reason or "")
    if need.merged_into is not None:
        raise NeedMerged(merged_into=str(need.merged_into))
    until = need.state_since + REOPEN_WITHIN
    if now > until:
        raise NeedReopenTooLate(until=until.isoformat())
    return need.now_in(
        NeedState.OPEN,
        now,
        heartbeat_clock(need, crisis, now, new_id),
        reason=known_reason(reason, REOPEN, "reopen"),
        is_stale=False,
        last_heartbeat_at=now,
        delegation=None,
    )


def swept(need: Need) -> Need:
    """A need closed long ago without its free text; codes and quantities stay."""
    lines = tuple(replace(line, note=None) for line in need.lines)
    return need.noted(
        is_told=False, title=None, description=None, draft_lines=None, draft_facts=None, lines=lines
    )


def _ended(need: Need, reason: CloseReason, now: datetime) -> Need:
    if need.state is NeedState.CLOSED:
        raise NeedClosed(reason=need.close_reason or "")
    return need.now_in(NeedState.CLOSED, now, None, close_reason=reason, delegation=None)
