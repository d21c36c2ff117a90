"""Counters over lines. They count lines, never quantities: tents and litres are not added together.

Every counter is a sum over cards of 0 or 1, so totals move by the difference of one card before and after.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from crisis.board.card import Card


@dataclass(frozen=True, slots=True)
class Tally:
    """How many lines: `open` not closed, `critical` life-saving with a gap, `gaps` with any gap, `uncovered`
    with nothing on its way, `proposed`, `held`, `moving`, `delivered` with some such quantity,
    `oversupplied`, `on_hold`, `stale` unconfirmed, `parked` incomplete."""

    open: int = 0
    critical: int = 0
    gaps: int = 0
    uncovered: int = 0
    proposed: int = 0
    held: int = 0
    moving: int = 0
    delivered: int = 0
    oversupplied: int = 0
    on_hold: int = 0
    stale: int = 0
    parked: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(a + b for a, b in zip(_values(self), _values(other), strict=True)))

    def __sub__(self, other: "Tally") -> "Tally":
        return Tally(*(a - b for a, b in zip(_values(self), _values(other), strict=True)))

    def as_dict(self) -> dict[str, int]:
        """Name → count, in declaration order."""
        return dict(zip(NAMES, _values(self), strict=True))

    @classmethod
    def of(cls, values: Mapping[str, int]) -> "Tally":
        """The inverse of `as_dict`; missing names are 0."""
        return cls(*(values.get(name, 0) for name in NAMES))


NAMES: tuple[str, ...] = tuple(field.name for field in fields(Tally))
EMPTY = Tally()


def tally(card: Card | None) -> Tally:
    """What one card adds to the counters. A parked line counts as open and parked and as nothing else."""
    if card is None or not card.is_open:
        return EMPTY
    if card.parked:
        return Tally(open=1, parked=1)
    has_gap = card.gap > 0
    return Tally(
        open=1,
        critical=int(has_gap and card.urgency == "life_saving"),
        gaps=int(has_gap),
        uncovered=int(card.label == "UNCOVERED"),
        proposed=int(card.proposed > 0),
        held=int(card.held > 0),
        moving=int(card.moving > 0),
        delivered=int(card.delivered > 0),
        oversupplied=int(card.surplus > 0),
        on_hold=int(card.state == "ON_HOLD"),
        stale=int(card.stale),
    )


def difference(pairs: Iterable[tuple[Card | None, Card | None]]) -> Tally:
    """By how much the counters move when each first card becomes the second."""
    total = EMPTY
    for before, after in pairs:
        total = total + tally(after) - tally(before)
    return total


def _values(counts: Tally) -> tuple[int, ...]:
    return tuple(getattr(counts, name) for name in NAMES)
