"""Opening a crisis: a person of the secretariat opens, a number is drawn, an area is fixed.

A crisis in another state than open takes no new needs or pledges. Once it is stood down, what was promised
is still answered, kept longer or given back; after its end nothing is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from uuid import UUID

from imece_reference.places import covers, place

from .clocks import Timers
from .refusals import CrisisNotOpen, DrillNotAvailable, PlaceOutsideArea
from .settings import Settings

LIVE_SERIES = "KRZ"
_LOCAL_TIME = timezone(timedelta(hours=3))
REVIEW_EVERY = timedelta(days=7)


class CrisisState(StrEnum):
    """Where a crisis stands; level and severity are history beside it."""

    PROPOSED = "proposed"
    OPEN = "open"
    STOOD_DOWN = "stood_down"
    CLOSED = "closed"
    DISMISSED = "dismissed"


class CrisisTimer(StrEnum):
    """What ends the silence of a crisis that waits for the secretariat."""

    NO_DECISION = "crisis.no_decision"
    REVIEW = "crisis.review"
    WIND_DOWN = "crisis.wind_down"


CRISIS_WAITING = {
    CrisisState.PROPOSED: CrisisTimer.NO_DECISION,
    CrisisState.OPEN: CrisisTimer.REVIEW,
    CrisisState.STOOD_DOWN: CrisisTimer.WIND_DOWN,
}
"""States that wait for the secretariat; the others are its end."""


@dataclass(frozen=True, slots=True)
class Crisis:
    """What decisions need to know of a crisis."""

    crisis_id: UUID
    is_drill: bool
    state: str
    area: tuple[str, ...]
    timers: Timers
    supporting_provinces: tuple[str, ...] = ()
    settings: Settings = field(default_factory=Settings)


@dataclass(frozen=True, slots=True)
class CrisisFacts:
    """A crisis whole; `title` by language tag, `area` p-codes without repetition.

    A proposal has neither number nor `opened_at`; `reason` is why it last changed its state.
    """

    crisis_id: UUID
    crisis_no: str | None
    title: Mapping[str, str]
    hazard: str
    severity: str
    level: str | None
    area: tuple[str, ...]
    supporting_provinces: tuple[str, ...]
    glide: tuple[str, ...]
    opened_at: datetime | None
    timers: Timers
    is_drill: bool = False
    settings: Settings = field(default_factory=Settings)
    state: CrisisState = CrisisState.OPEN
    proposed_at: datetime | None = None
    stood_down_at: datetime | None = None
    closed_at: datetime | None = None
    parent_id: UUID | None = None
    reason: str | None = None
    deadline_id: UUID | None = None
    version: int = 1


def area_of(codes: Sequence[str], *, is_drill: bool = False) -> tuple[str, ...]:
    """The area in the order given, each p-code once; raises UnknownPlace, DrillNotAvailable."""
    if is_drill:
        raise DrillNotAvailable
    return tuple(dict.fromkeys(place(code).pcode for code in codes))


def local_year(now: datetime) -> int:
    """The year in Türkiye, which a crisis number names."""
    return now.astimezone(_LOCAL_TIME).year


def crisis_number(series: str, year: int, ordinal: int) -> str:
    """`KRZ-2026-0007`."""
    return f"{series}-{year}-{ordinal:04d}"


def must_be_open(crisis: Crisis) -> None:
    """Raise CrisisNotOpen unless new promises may be made."""
    if crisis.state != "open":
        raise CrisisNotOpen(state=crisis.state)


def must_take_answers(crisis: Crisis) -> None:
    """Raise CrisisNotOpen unless promises made in it may be answered: it is open, or stood down."""
    if crisis.state not in (CrisisState.OPEN, CrisisState.STOOD_DOWN):
        raise CrisisNotOpen(state=crisis.state)


def must_cover(crisis: Crisis, pcode: str) -> None:
    """Raise PlaceOutsideArea unless the place lies in the crisis area; UnknownPlace if it is no place."""
    place(pcode)
    if not any(covers(part, pcode) for part in crisis.area):
        raise PlaceOutsideArea(place=pcode, area=", ".join(crisis.area))
