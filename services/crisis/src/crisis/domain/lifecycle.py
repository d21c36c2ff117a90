"""The life of a crisis: proposed → open → stood down → closed, or dismissed. People move it, clocks only ask.

Every step gives the crisis after it, with the next version; from another state it raises CrisisNotInState.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from .crises import CrisisFacts, CrisisState
from .masking import without_personal_data
from .refusals import CrisisNotInState, ReopeningTooLate

WIND_DOWN = timedelta(days=7)
WIND_DOWN_ASKED_AFTER = timedelta(days=5)
WIND_DOWN_EVERY = timedelta(days=1)
REOPEN_WITHIN = timedelta(days=30)


def must_be(crisis: CrisisFacts, *states: CrisisState) -> None:
    """Raise CrisisNotInState unless the crisis is in one of the states."""
    if crisis.state not in states:
        raise CrisisNotInState(state=crisis.state, wanted=", ".join(states))


def opened(crisis: CrisisFacts, at: datetime, crisis_no: str, deadline_id: UUID) -> CrisisFacts:
    """A proposal a person opened; what they corrected is set by `corrected` before."""
    must_be(crisis, CrisisState.PROPOSED)
    return replace(
        crisis,
        state=CrisisState.OPEN,
        opened_at=at,
        crisis_no=crisis_no,
        deadline_id=deadline_id,
        version=crisis.version + 1,
    )


def corrected(
    crisis: CrisisFacts,
    *,
    title: Mapping[str, str] | None = None,
    severity: str | None = None,
    level: str | None = None,
    area: tuple[str, ...] = (),
    supporting_provinces: tuple[str, ...] = (),
    glide: tuple[str, ...] = (),
) -> CrisisFacts:
    """The proposal with what the person who opens it knows better; its version untouched."""
    return replace(
        crisis,
        title=without_personal_data(title) if title else crisis.title,
        severity=severity or crisis.severity,
        level=level or crisis.level,
        area=area or crisis.area,
        supporting_provinces=supporting_provinces or crisis.supporting_provinces,
        glide=glide or crisis.glide,
    )


def dismissed(crisis: CrisisFacts, reason: str) -> CrisisFacts:
    """A proposal nobody needs."""
    must_be(crisis, CrisisState.PROPOSED)
    return replace(
        crisis, state=CrisisState.DISMISSED, reason=reason, deadline_id=None, version=crisis.version + 1
    )


def raised(crisis: CrisisFacts, severity: str) -> CrisisFacts:
    """A proposal a graver report came in for."""
    must_be(crisis, CrisisState.PROPOSED)
    return replace(crisis, severity=severity, version=crisis.version + 1)


def reviewed(crisis: CrisisFacts, level: str | None, severity: str | None, deadline_id: UUID) -> CrisisFacts:
    """Level and severity as just declared, the same ones or others; the review clock starts again."""
    must_be(crisis, CrisisState.OPEN)
    return replace(
        crisis,
        level=level,
        severity=severity or crisis.severity,
        deadline_id=deadline_id,
        version=crisis.version + 1,
    )


def moved(
    crisis: CrisisFacts, area: tuple[str, ...] | None, supporting_provinces: tuple[str, ...] | None
) -> CrisisFacts:
    """Another area, or other provinces that support it; what is None stays."""
    must_be(crisis, CrisisState.OPEN)
    return replace(
        crisis,
        area=crisis.area if area is None else area,
        supporting_provinces=(
            crisis.supporting_provinces if supporting_provinces is None else supporting_provinces
        ),
        version=crisis.version + 1,
    )


def stood_down(crisis: CrisisFacts, reason: str, at: datetime, deadline_id: UUID) -> CrisisFacts:
    """No new needs; what runs is brought to its end."""
    must_be(crisis, CrisisState.OPEN)
    return replace(
        crisis,
        state=CrisisState.STOOD_DOWN,
        reason=reason,
        stood_down_at=at,
        deadline_id=deadline_id,
        version=crisis.version + 1,
    )


def reactivated(crisis: CrisisFacts, reason: str, deadline_id: UUID) -> CrisisFacts:
    """Open again."""
    must_be(crisis, CrisisState.STOOD_DOWN)
    return replace(
        crisis,
        state=CrisisState.OPEN,
        reason=reason,
        stood_down_at=None,
        deadline_id=deadline_id,
        version=crisis.version + 1,
    )


def closed(crisis: CrisisFacts, at: datetime) -> CrisisFacts:
    """Over. That nothing waits any more is for the caller to see."""
    must_be(crisis, CrisisState.STOOD_DOWN)
    return replace(
        crisis, state=CrisisState.CLOSED, closed_at=at, deadline_id=None, version=crisis.version + 1
    )


def must_be_reopenable(crisis: CrisisFacts, now: datetime) -> None:
    """Raise CrisisNotInState or ReopeningTooLate unless it was closed a short time ago."""
    must_be(crisis, CrisisState.CLOSED)
    assert crisis.closed_at is not None
    if now - crisis.closed_at > REOPEN_WITHIN:
        raise ReopeningTooLate(closed_at=crisis.closed_at.isoformat(), days=str(REOPEN_WITHIN.days))


def reopened(crisis: CrisisFacts, reason: str, now: datetime, deadline_id: UUID) -> CrisisFacts:
    """Open again after it was closed. Raises CrisisNotInState, ReopeningTooLate."""
    must_be_reopenable(crisis, now)
    return replace(
        crisis,
        state=CrisisState.OPEN,
        reason=reason,
        closed_at=None,
        stood_down_at=None,
        deadline_id=deadline_id,
        version=crisis.version + 1,
    )
