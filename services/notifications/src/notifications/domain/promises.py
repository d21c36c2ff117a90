"""Promises that stand, as far as this service heard of them: whom an order about goods concerns."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from imece_reference.items import items
from imece_reference.places import covers

NEWS_FOR = timedelta(hours=24)
"""Word of an order first met later than this after it was said is history: who could act on it has acted."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What one allocation promises now, as of `changed_at`; `item` is what is really given."""

    allocation_id: UUID
    need_line_id: UUID
    organisation_id: UUID
    crisis_id: UUID
    item: str
    district: str
    urgency: str
    is_open: bool
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where a need line is and how urgent: promises for it are for there."""

    need_line_id: UUID
    district: str
    urgency: str


@dataclass(frozen=True, slots=True)
class Order:
    """Goods nobody should send: one item or a group of items, in an area of p-codes.

    Life-saving lines are exempt unless it names them. `until`: when it ends by itself; None: it has ended.
    """

    crisis_id: UUID
    item: str | None
    item_group: str | None
    area: tuple[str, ...]
    names_life_saving: bool
    until: datetime | None = None

    @property
    def items(self) -> frozenset[str]:
        """Codes of the goods it speaks of."""
        if self.item is not None:
            return frozenset({self.item})
        return frozenset(each.code for each in items() if each.tamp_group == self.item_group)

    def reaches(self, district: str, urgency: str) -> bool:
        """Whether it holds for a line of this district and urgency."""
        if urgency == "life_saving" and not self.names_life_saving:
            return False
        return any(covers(part, district) for part in self.area)

    def is_news(self, said_at: datetime, now: datetime) -> bool:
        """Whether anybody is to hear now what was said of it then: it is young and still holds."""
        return now - said_at <= NEWS_FOR and (self.until is None or now < self.until)
