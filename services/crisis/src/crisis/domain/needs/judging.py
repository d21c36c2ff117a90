"""Looking at a submitted need: verify, return, reject, and the appeal against a rejection.

Whoever judges belongs to another organisation than the asker. A life-saving need of an accredited asker does
not wait for a verifier: it opens at once, unverified, and somebody is asked to look.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from crisis.domain.clocks import Silence, Urgency
from crisis.domain.crises import Crisis, must_be_open
from crisis.domain.reasons import known_reason
from crisis.domain.refusals import (
    AppealedBefore,
    AppealTooLate,
    NeedClosed,
    NeedNotSubmitted,
    NoAppeal,
    NotRejected,
    VerificationNotHigher,
)

from .need import Need, NeedClock, NewId
from .reasons import APPEAL, REJECT, RETURN, UPHOLD, known_fields
from .states import (
    APPEAL_ANSWER,
    APPEAL_WITHIN,
    REMIND_AFTER,
    CloseReason,
    NeedState,
    NeedTimer,
)
from .stating import verify_clock


def must_be_verifiable(crisis: Crisis, need: Need, verifier_org_id: UUID) -> None:
    """Raise CrisisNotOpen, NeedClosed, NeedNotSubmitted, or SameParty for the asker's own organisation."""
    must_be_open(crisis)
    _must_be_submitted(need)
    need.must_be_of_another(verifier_org_id, "verify")


def verified(
    need: Need, crisis: Crisis, level: int, verifier_org_id: UUID, now: datetime, new_id: NewId
) -> Need:
    """A submitted need opened, or an open one at a higher level.

    Raises what `must_be_verifiable` does, and VerificationNotHigher.
    """
    if need.state is not NeedState.OPEN:
        must_be_verifiable(crisis, need, verifier_org_id)
        return opened(need, crisis, level, now, new_id)
    must_be_open(crisis)
    need.must_be_of_another(verifier_org_id, "verify")
    if level <= need.verification:
        raise VerificationNotHigher(level=str(level), verification=str(need.verification))
    return need.noted(verification=level)


def opened(need: Need, crisis: Crisis, level: int, now: datetime, new_id: NewId) -> Need:
    """The need takes pledges from now on, and its asker must confirm it from time to time."""
    return need.now_in(
        NeedState.OPEN,
        now,
        heartbeat_clock(need, crisis, now, new_id),
        verification=level,
        opened_at=now,
        last_heartbeat_at=now,
    )


def goes_first(need: Need, *, is_asker_accredited: bool) -> bool:
    """Whether a submitted need opens before anybody verified it."""
    return need.state is NeedState.SUBMITTED and need.urgency is Urgency.LIFE_SAVING and is_asker_accredited


def heartbeat_clock(need: Need, crisis: Crisis, now: datetime, new_id: NewId) -> NeedClock:
    """When an open need nobody confirmed again becomes stale."""
    due_at = now + crisis.timers.period(Silence.HEARTBEAT, need.urgency)
    return NeedClock(new_id(), NeedTimer.HEARTBEAT, due_at)


def returned(
    need: Need, reason: str, fields: Sequence[str], judge_org_id: UUID, now: datetime, new_id: NewId
) -> Need:
    """Back to the asker to complete; the asker is reminded, then it expires.

    Raises NeedClosed, NeedNotSubmitted, SameParty, ReasonUnknown, FieldUnknown.
    """
    _must_be_submitted(need)
    need.must_be_of_another(judge_org_id, "return")
    code = known_reason(reason, RETURN, "return")
    return need.now_in(
        NeedState.RETURNED,
        now,
        NeedClock(new_id(), NeedTimer.REMIND, now + REMIND_AFTER),
        reason=code,
        missing_fields=known_fields(fields),
    )


def rejected(need: Need, reason: str, judge_org_id: UUID, now: datetime) -> Need:
    """Closed; the asker may appeal. Raises NeedClosed, NeedNotSubmitted, SameParty, ReasonUnknown."""
    must_be_rejectable(need, reason, judge_org_id)
    return need.now_in(
        NeedState.CLOSED, now, None, close_reason=CloseReason.REJECTED, reason=reason, appealed_at=None
    )


def must_be_rejectable(need: Need, reason: str, judge_org_id: UUID) -> None:
    """Raise NeedClosed, NeedNotSubmitted, SameParty, ReasonUnknown."""
    _must_be_submitted(need)
    need.must_be_of_another(judge_org_id, "reject")
    known_reason(reason, REJECT, "reject")


def appealed(need: Need, reason: str, now: datetime, new_id: NewId) -> Need:
    """The asker asks to look again at a rejection.

    Raises NotRejected, AppealedBefore, AppealTooLate, ReasonUnknown.
    """
    if need.close_reason is not CloseReason.REJECTED:
        raise NotRejected(state=need.state.value, reason=need.close_reason or "—")
    if need.appealed_at is not None:
        raise AppealedBefore(appealed_at=need.appealed_at.isoformat())
    until = need.state_since + APPEAL_WITHIN
    if now >= until:
        raise AppealTooLate(until=until.isoformat())
    known_reason(reason, APPEAL, "appeal")
    clock = NeedClock(new_id(), NeedTimer.APPEAL, now + APPEAL_ANSWER)
    return need.noted(appealed_at=now, clock=clock)


def appeal_upheld(need: Need, reason: str, judge_org_id: UUID) -> Need:
    """The rejection stands. Raises NoAppeal, SameParty, ReasonUnknown."""
    _must_be_appealed(need, judge_org_id)
    return need.noted(reason=known_reason(reason, UPHOLD, "reject an appeal"), clock=None)


def appeal_granted(need: Need, crisis: Crisis, judge_org_id: UUID, now: datetime, new_id: NewId) -> Need:
    """The need waits for verification again. Raises NoAppeal, SameParty, CrisisNotOpen."""
    _must_be_appealed(need, judge_org_id)
    must_be_open(crisis)
    return need.now_in(NeedState.SUBMITTED, now, verify_clock(need, crisis, now, new_id), appealed_at=None)


def _must_be_appealed(need: Need, judge_org_id: UUID) -> None:
    if need.state is not NeedState.CLOSED or need.clock is None:
        raise NoAppeal(state=need.state.value)
    need.must_be_of_another(judge_org_id, "decide the appeal")


def _must_be_submitted(need: Need) -> None:
    if need.state is NeedState.CLOSED:
        raise NeedClosed(reason=need.close_reason or "")
    if need.state is not NeedState.SUBMITTED:
        raise NeedNotSubmitted(state=need.state.value, verification=str(need.verification))
