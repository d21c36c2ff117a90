"""Opening a crisis: a person of the secretariat opens, a number is drawn, an area is fixed.

A crisis in another state than open takes no new needs, pledges or acceptances.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from imece_reference.places import covers, place

from .clocks import Timers
from .refusals import CrisisNotOpen, DrillNotAvailable, PlaceOutsideArea
from .settings import Settings

LIVE_SERIES = "KRZ"
REVIEW_EVERY = timedelta(days=7)


class CrisisTimer(StrEnum):
    """What ends the silence of a crisis that waits for the secretariat."""

    NO_DECISION = "crisis.no_decision"
    REVIEW = "crisis.review"
    WIND_DOWN = "crisis.wind_down"


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
    """A crisis as opened; `title` by language tag, `area` p-codes without repetition."""

    crisis_id: UUID
    crisis_no: str
    title: Mapping[str, str]
    hazard: str
    severity: str
    level: str | None
    area: tuple[str, ...]
    supporting_provinces: tuple[str, ...]
    glide: tuple[str, ...]
    opened_at: datetime
    timers: Timers
    is_drill: bool = False


def area_of(codes: Sequence[str], *, is_drill: bool = False) -> tuple[str, ...]:
    """The area in the order given, each p-code once; raises UnknownPlace, DrillNotAvailable."""
    if is_drill:
        raise DrillNotAvailable
    return tuple(dict.fromkeys(place(code).pcode for code in codes))


def crisis_number(series: str, year: int, ordinal: int) -> str:
    """`KRZ-2026-0007`."""
    return f"{series}-{year}-{ordinal:04d}"


def must_be_open(crisis: Crisis) -> None:
    """Raise CrisisNotOpen unless new promises may be made."""
    if crisis.state != "open":
        raise CrisisNotOpen(state=crisis.state)


def must_cover(crisis: Crisis, pcode: str) -> None:
    """Raise PlaceOutsideArea unless the place lies in the crisis area; UnknownPlace if it is no place."""
    place(pcode)
    if not any(covers(part, pcode) for part in crisis.area):
        raise PlaceOutsideArea(place=pcode, area=", ".join(crisis.area))
