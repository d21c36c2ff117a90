"""How well an offer fits a need line: whole points for distance, readiness and reliability.

The points can be explained and replayed; what an earmark forbids is filtered before and scores nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from imece_reference.places import distance_km, place

RECORD_DAYS = 365
ENOUGH_CONCLUDED = 5
UNKNOWN_RECORD = 15
BEST_RECORD = 30
LATE_SHARE = Decimal("0.25")
"""A hold withdrawn with less of its lease left than this is a broken promise."""

SERIAL, SERIAL_DAYS = 3, 30
"""So many holds withdrawn in so many days are broken promises, however early each was."""

SAME_PROVINCE = 40
NEAR = ((150, 30), (400, 20), (800, 10))
READY = ((0, 30), (6 * 60, 20), (24 * 60, 10))


class Merit(StrEnum):
    """What points are given for."""

    DISTANCE = "distance"
    READINESS = "readiness"
    RELIABILITY = "reliability"


@dataclass(frozen=True, slots=True)
class Record:
    """How an organisation kept its promises in the last RECORD_DAYS: `kept` of those `concluded`."""

    kept: int = 0
    concluded: int = 0


NO_RECORD = Record()


@dataclass(frozen=True, slots=True)
class Reason:
    """Points and the figure they stand for: kilometres, minutes (None when not stated), kept of concluded."""

    merit: Merit
    points: int
    figure: str | None


@dataclass(frozen=True, slots=True)
class Fitness:
    """The sum and where it comes from; one reason per merit, always in the order of Merit."""

    points: int
    reasons: tuple[Reason, ...]

    def of(self, merit: Merit) -> int:
        """The points of one merit."""
        return next(reason.points for reason in self.reasons if reason.merit is merit)


def share_left(began: datetime, ends: datetime, now: datetime) -> Decimal:
    """Which share of a lease is left, in thousandths; 0 when it is over."""
    if now >= ends:
        return Decimal(0)
    return min(Decimal(1), round(Decimal((ends - now) / (ends - began)), 3))


def fitness(
    origin: str, district: str, ready_within_minutes: int | None, record: Record = NO_RECORD
) -> Fitness:
    """How goods from `origin` fit a line in `district` (p-codes); raises UnknownPlace."""
    plate, other = place(origin).plate, place(district).plate
    kilometres = round(distance_km(plate, other))
    reasons = (
        Reason(Merit.DISTANCE, distance_points(kilometres, is_same=plate == other), str(kilometres)),
        Reason(
            Merit.READINESS,
            readiness_points(ready_within_minutes),
            None if ready_within_minutes is None else str(ready_within_minutes),
        ),
        Reason(Merit.RELIABILITY, reliability_points(record), f"{record.kept}/{record.concluded}"),
    )
    return Fitness(sum(reason.points for reason in reasons), reasons)


def distance_points(kilometres: int, *, is_same: bool = False) -> int:
    """Nearer stock leaves the road free; within one province is best."""
    if is_same:
        return SAME_PROVINCE
    return next((points for most, points in NEAR if kilometres <= most), 0)


def readiness_points(minutes: int | None) -> int:
    """Not stated counts as later than a day."""
    if minutes is None:
        return 0
    return next((points for most, points in READY if minutes <= most), 0)


def reliability_points(record: Record) -> int:
    """Kept ÷ concluded of BEST_RECORD, halves upwards; too few concluded say nothing yet."""
    if record.concluded < ENOUGH_CONCLUDED:
        return UNKNOWN_RECORD
    return (2 * BEST_RECORD * record.kept + record.concluded) // (2 * record.concluded)
