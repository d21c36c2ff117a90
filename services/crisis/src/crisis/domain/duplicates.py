"""Hints that a need may have been stated before. A hint never blocks anything.

Asked for things of the same group, in the same or a near district, within two days: such needs are ranked by
how alike their texts are, folded the Turkish way. District borders are not known here, so near means the same
province or one whose centre is close; the same district comes first.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from uuid import UUID

from imece_reference.items import item
from imece_reference.places import distance_km, provinces
from imece_reference.turkish import fold

from .needs import Need

WITHIN = timedelta(hours=48)
MOST_LOOKED_AT = 200
MOST_SHOWN = 5
MOST_READ = 600
"""Characters of a need's texts that are compared: 200 of them take a few milliseconds."""
NEAR_KM = 150
"""How far apart the centres of two provinces may lie to count as near."""
ALIKE = Decimal("0.35")
"""The least likeness of texts that ask for one of the same items."""
ALMOST_EQUAL = Decimal("0.75")
"""The least likeness where no item is the same: different things for one household are no duplicates."""


class Choice(StrEnum):
    """What the submitter says a hinted need is to its own."""

    JOIN = "join"
    ADD_TO_IT = "add_to_it"
    ANOTHER_ONE = "another_one"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A need that asks for things of the same group near by."""

    need_id: UUID
    asker_org_id: UUID
    district: str
    state: str
    submitted_at: datetime
    title: str | None
    description: str | None
    item_codes: tuple[str, ...]
    notes: tuple[str, ...] = ()
    is_restricted: bool = False


@dataclass(frozen=True, slots=True)
class Hint:
    """A need that may be the same; `similarity` 0 to 1; `choice` is the submitter's answer. One that
    `is_restricted` is named to its asker and to desks only."""

    need_id: UUID
    similarity: Decimal
    asker_org_id: UUID
    district: str
    state: str
    submitted_at: datetime
    item_codes: tuple[str, ...]
    choice: Choice | None = None
    chosen_at: datetime | None = None
    is_restricted: bool = False


@cache
def near_plates(plate: str) -> tuple[str, ...]:
    """The province itself and those whose centre is near, nearest first."""
    distances = sorted((distance_km(plate, other.plate), other.plate) for other in provinces())
    return tuple(other for distance, other in distances if distance <= NEAR_KM)


def hints_for(need: Need, candidates: Iterable[Candidate]) -> tuple[Hint, ...]:
    """The likeliest first; more likely where the district is the same and the texts are equally alike."""
    own = _trigrams(_text(need.title, need.description, _codes(need), _notes(need)))
    codes = set(_codes(need))
    hints: list[Hint] = []
    for other in candidates:
        text = _text(other.title, other.description, other.item_codes, other.notes)
        likeness = _likeness(own, _trigrams(text))
        if likeness >= (ALIKE if codes.intersection(other.item_codes) else ALMOST_EQUAL):
            hints.append(
                Hint(
                    other.need_id,
                    likeness,
                    other.asker_org_id,
                    other.district,
                    other.state,
                    other.submitted_at,
                    other.item_codes,
                    is_restricted=other.is_restricted,
                )
            )
    return tuple(sorted(hints, key=lambda hint: _rank(hint, need.district))[:MOST_SHOWN])


def for_all(hints: Iterable[Hint]) -> list[UUID]:
    """The hinted needs that may be named to everybody."""
    return [hint.need_id for hint in hints if not hint.is_restricted]


def _rank(hint: Hint, district: str) -> tuple[Decimal, bool, UUID]:
    return (-hint.similarity, hint.district != district, hint.need_id)


def _codes(need: Need) -> tuple[str, ...]:
    return tuple(line.item_code for line in need.lines)


def _notes(need: Need) -> tuple[str, ...]:
    return tuple(line.note for line in need.lines if line.note)


def _text(title: str | None, description: str | None, codes: Sequence[str], notes: Sequence[str]) -> str:
    """Everything said, with the names of what is asked for."""
    names = [item(code).name_tr for code in sorted(set(codes))]
    said = [title or "", *names, *notes, description or ""]
    return " ".join(fold(" ".join(said)[:MOST_READ]).split())


def _trigrams(text: str) -> Counter[str]:
    padded = f"  {text} "
    return Counter(padded[at : at + 3] for at in range(len(padded) - 2))


def _likeness(one: Counter[str], other: Counter[str]) -> Decimal:
    """How much of both texts is common, counted in letters by three: 0 nothing, 1 the same text."""
    common = (one & other).total()
    return (Decimal(2 * common) / (one.total() + other.total())).quantize(Decimal("0.001"))
