"""Reports of hazards, and when two of them speak of the same event: then there is one crisis, with both.

Feeds revise their first solutions, so matching is generous in place and size and strict in time.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from imece_reference.places import MEAN_EARTH_RADIUS_KM, covers, place, province

from .clocks import Urgency

EARTHQUAKE = "earthquake"
QUAKE_KM = 100.0
QUAKE_TIME = timedelta(seconds=120)
QUAKE_MAGNITUDE = Decimal("1.0")
SAME_EVENT_TIME = timedelta(hours=24)

_DECIDE_WITHIN = {"red": timedelta(minutes=15)}
_DECIDE_AT_LEAST = timedelta(minutes=60)
_URGENCY = {"red": Urgency.LIFE_SAVING, "orange": Urgency.URGENT}
_RANK = ("yellow", "orange", "red")
UNDECIDED_LIFE = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Position:
    """Degrees, WGS 84."""

    lat: float
    lon: float

    def km_to(self, other: "Position") -> float:
        """Great-circle distance."""
        lat_a, lat_b = math.radians(self.lat), math.radians(other.lat)
        half_lat = math.sin((lat_b - lat_a) / 2) ** 2
        half_lon = math.sin(math.radians(other.lon - self.lon) / 2) ** 2
        chord = half_lat + math.cos(lat_a) * math.cos(lat_b) * half_lon
        return 2 * MEAN_EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, chord)))


@dataclass(frozen=True, slots=True)
class Report:
    """One message of one source. Without position the centre of the first province stands for it."""

    report_id: UUID
    source: str
    external_id: str
    hazard: str
    alert: str
    area: tuple[str, ...]
    observed_at: datetime
    by_org_id: UUID
    magnitude: Decimal | None = None
    position: Position | None = None
    external_ids: tuple[str, ...] = ()
    episode: str | None = None

    @property
    def where(self) -> Position:
        """The place to measure from."""
        if self.position is not None:
            return self.position
        home = province(place(self.area[0]).plate)
        return Position(home.lat, home.lon)


def apart_at_most(hazard: str) -> timedelta:
    """How far apart in time two reports of one event may be."""
    return QUAKE_TIME if hazard == EARTHQUAKE else SAME_EVENT_TIME


def is_same_event(one: Report, other: Report) -> bool:
    """Whether two reports speak of one event. A magnitude nobody gave contradicts nothing."""
    if one.hazard != other.hazard:
        return False
    is_near = abs(one.observed_at - other.observed_at) <= apart_at_most(one.hazard)
    if one.hazard == EARTHQUAKE:
        is_like = (
            one.magnitude is None
            or other.magnitude is None
            or abs(one.magnitude - other.magnitude) <= QUAKE_MAGNITUDE
        )
        return is_near and is_like and one.where.km_to(other.where) <= QUAKE_KM
    return is_near and overlaps(one.area, other.area)


def overlaps(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether any place of one area lies in the other."""
    others = tuple(other)
    return any(covers(a, b) or covers(b, a) for a in one for b in others)


def decide_within(severity: str) -> timedelta:
    """How long a proposal may lie before the deputy is called."""
    return _DECIDE_WITHIN.get(severity, _DECIDE_AT_LEAST)


def urgency_of(severity: str) -> Urgency:
    """How urgent work about a crisis of this severity is."""
    return _URGENCY.get(severity, Urgency.NORMAL)


def more_severe(one: str, other: str) -> str:
    """The graver of two alerts."""
    return max(one, other, key=_RANK.index)


_NAMES = {
    "earthquake": ("deprem", "earthquake"),
    "flood": ("sel", "flood"),
    "wildfire": ("orman yangını", "wildfire"),
    "landslide": ("heyelan", "landslide"),
    "avalanche": ("çığ", "avalanche"),
    "storm": ("fırtına", "storm"),
    "tsunami": ("tsunami", "tsunami"),
}


def title_of(hazard: str, pcode: str) -> dict[str, str]:
    """A name for a proposal nobody named: province and hazard, in Turkish and English."""
    home = province(place(pcode).plate)
    tr, en = _NAMES.get(hazard, (hazard.replace("_", " "), hazard.replace("_", " ")))
    return {"tr": f"{home.name_tr}: {tr}", "en": f"{home.name_en}: {en}"}
