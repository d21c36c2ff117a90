"""The waiting list of a need line: who is called first, and why, in words.

Fitness before time: nearer stock goes first and no truck drives past it. An organisation that asked for the
room to be made comes first; one that let its last call pass comes after the others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from .fitness import Fitness, Merit


class Ahead(StrEnum):
    """Why somebody is called earlier: the difference that weighs most."""

    ASKED_FOR_IT = "asked_for_it"
    DID_NOT_PASS = "did_not_pass"
    NEARER = "nearer"
    READIER = "readier"
    MORE_RELIABLE = "more_reliable"
    LONGER = "longer"


_BY_MERIT = {
    Merit.DISTANCE: Ahead.NEARER,
    Merit.READINESS: Ahead.READIER,
    Merit.RELIABILITY: Ahead.MORE_RELIABLE,
}
_EN = {
    Ahead.ASKED_FOR_IT: ("1 asked for the room to be made", "{n} asked for the room to be made"),
    Ahead.DID_NOT_PASS: ("1 has not let a call pass", "{n} have not let a call pass"),
    Ahead.NEARER: ("1 is nearer", "{n} are nearer"),
    Ahead.READIER: ("1 is ready sooner", "{n} are ready sooner"),
    Ahead.MORE_RELIABLE: ("1 kept its promises more often", "{n} kept their promises more often"),
    Ahead.LONGER: ("1 waits longer", "{n} wait longer"),
}
_TR = {
    Ahead.ASKED_FOR_IT: "{n} kayıt bu yerin açılmasını istedi",
    Ahead.DID_NOT_PASS: "{n} kayıt hiçbir çağrıyı yanıtsız bırakmadı",
    Ahead.NEARER: "{n} kayıt daha yakın",
    Ahead.READIER: "{n} kayıt daha erken hazır",
    Ahead.MORE_RELIABLE: "{n} kayıt sözünü daha sık tuttu",
    Ahead.LONGER: "{n} kayıt daha uzun süredir bekliyor",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides when a waiting row is called, apart from how long it waits."""

    fitness: Fitness
    is_preferred: bool = False
    let_pass: bool = False

    @property
    def order(self) -> tuple[bool, bool, int]:
        """Smaller is called earlier."""
        return (not self.is_preferred, self.let_pass, -self.fitness.points)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A waiting row in its queue."""

    allocation_id: UUID
    waitlisted_at: datetime
    qty: Decimal
    standing: Standing

    @property
    def order(self) -> tuple[tuple[bool, bool, int], datetime, UUID]:
        """Fitness (descending), then how long, then id."""
        return (self.standing.order, self.waitlisted_at, self.allocation_id)


@dataclass(frozen=True, slots=True)
class Alike:
    """Rows of one queue that stand alike; `longer` of them wait longer than the row asked about."""

    standing: Standing
    rows: int
    longer: int


@dataclass(frozen=True, slots=True)
class Place:
    """A row's place in its queue; `ahead` counts those before it by what puts them there."""

    position: int
    waiting: int
    standing: Standing
    ahead: Mapping[Ahead, int]


def in_turn(rows: Iterable[Waiting]) -> list[Waiting]:
    """Rows in the order in which they are called."""
    return sorted(rows, key=lambda row: row.order)


def place_of(mine: Standing, queue: Iterable[Alike]) -> Place:
    """Where a row with this standing is; the queue holds it too, not counted among those that wait longer."""
    ahead: dict[Ahead, int] = {}
    waiting = 0
    for group in queue:
        waiting += group.rows
        before = group.rows if group.standing.order < mine.order else 0
        if group.standing.order == mine.order:
            before = group.longer
        if before:
            why = why_ahead(group.standing, mine)
            ahead[why] = ahead.get(why, 0) + before
    return Place(1 + sum(ahead.values()), waiting, mine, {why: ahead[why] for why in Ahead if why in ahead})


def why_ahead(other: Standing, mine: Standing) -> Ahead:
    """What puts the other before me: a preference, the merit with the largest difference, or time."""
    if other.is_preferred and not mine.is_preferred:
        return Ahead.ASKED_FOR_IT
    if mine.let_pass and not other.let_pass:
        return Ahead.DID_NOT_PASS
    if other.fitness.points == mine.fitness.points:
        return Ahead.LONGER
    return _BY_MERIT[max(Merit, key=lambda merit: other.fitness.of(merit) - mine.fitness.of(merit))]


def explained_en(place: Place) -> str:
    """“you are 3rd: 2 are nearer”."""
    return f"you are {_ordinal(place.position)}: {_ahead_en(place)}"


def explained_tr(place: Place) -> str:
    """“3. sıradasınız: 2 kayıt daha yakın”."""
    return f"{place.position}. sıradasınız: {_ahead_tr(place)}"


def as_fact(place: Place, *, is_waiting: bool) -> Mapping[str, Any]:
    """The place as a member of a refusal; of what does not wait (yet), the place it would have."""
    be_en, be_tr = ("are", "sıradasınız") if is_waiting else ("would be", "sırada olurdunuz")
    return {
        "position": place.position,
        "waiting": place.waiting,
        "is_waiting": is_waiting,
        "ahead": {why.value: count for why, count in place.ahead.items()},
        "explained": {
            "tr": f"listede {place.position}. {be_tr} ({_ahead_tr(place)})",
            "en": f"you {be_en} {_ordinal(place.position)} on the list ({_ahead_en(place)})",
        },
    }


def _ahead_en(place: Place) -> str:
    why = ", ".join(_EN[reason][n > 1].format(n=n) for reason, n in place.ahead.items())
    return why or "nobody is before you"


def _ahead_tr(place: Place) -> str:
    why = ", ".join(_TR[reason].format(n=n) for reason, n in place.ahead.items())
    return why or "önünüzde kimse yok"


def _ordinal(number: int) -> str:
    teens = 10 <= number % 100 <= 20
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
