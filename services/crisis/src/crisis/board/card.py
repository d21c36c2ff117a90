"""A card is the whole public state of one need line after one event; applying it twice changes nothing.

Its JSON is canonical (sorted keys, no spaces, quantities as shortest decimal text): equal cards, equal bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

import orjson

from imece_contracts.quantities import decimal_text

CLOSED_STATES = frozenset({"CLOSED", "DRAFT", "RETURNED", "SUBMITTED"})
"""States of a need in which its lines ask for nothing."""

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Card:
    """One need line. Quantities are in `unit`, the base unit of the item; `place` is a p-code.

    `sequence` is the version of the line these figures belong to; while `parked` they are not the newest,
    because an event in between has not arrived. `changed_at` is when the event happened, never when it was
    read.
    """

    line: UUID
    need: UUID
    crisis: UUID
    sequence: int
    parked: bool
    item: str
    unit: str
    place: str
    asker: UUID
    day: date | None
    needed_by: datetime
    opened_at: datetime
    changed_at: datetime
    state: str
    urgency: str
    verification: int
    stale: bool
    needed: Decimal
    over_cap: Decimal
    elsewhere: Decimal
    proposed: Decimal
    waitlisted: Decimal
    held: Decimal
    in_transit: Decimal
    arrived: Decimal
    delivered: Decimal
    lost: Decimal
    room: Decimal
    gap: Decimal
    surplus: Decimal
    at_risk: Decimal
    label: str

    @property
    def province(self) -> str:
        """P-code of the province the place lies in: `TUR031`."""
        return self.place[:6]

    @property
    def moving(self) -> Decimal:
        """On the road or arrived and not yet confirmed."""
        return self.in_transit + self.arrived

    @property
    def is_open(self) -> bool:
        """The line still belongs on the list of needs, on hold included."""
        return self.state not in CLOSED_STATES

    @property
    def coverage(self) -> str:
        """The badge's word: the ledger's label, or ON_HOLD or CLOSED where the need's state says so."""
        if not self.is_open:
            return "CLOSED"
        return "ON_HOLD" if self.state == "ON_HOLD" else self.label

    @cached_property
    def body(self) -> bytes:
        """Canonical JSON."""
        return canonical({name: write(getattr(self, name)) for name, write in _WRITERS.items()})


def canonical(value: Any) -> bytes:
    """The one JSON form that is stored, hashed and sent."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def card_from(body: bytes | str) -> Card:
    """The inverse of `Card.body`. Raises KeyError or ValueError for anything else."""
    values: Mapping[str, Any] = orjson.loads(body)
    return Card(**{name: read(values[name]) for name, read in _READERS.items()})


def whole_milliseconds(moment: datetime) -> datetime:
    """The moment as a card keeps it, in UTC."""
    return moment.astimezone(UTC).replace(microsecond=moment.microsecond // 1000 * 1000)


def instant(moment: datetime) -> str:
    """UTC time with milliseconds and Z, as browsers read it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _same(value: Any) -> Any:
    return value


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _day_text(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


# How a field of each type is read and written; cards are made far more often than types are looked up.
_FORMS: Mapping[str, tuple[Any, Any]] = {
    str(UUID): (UUID, str),
    str(Decimal): (Decimal, decimal_text),
    str(datetime): (datetime.fromisoformat, instant),
    str(date | None): (_day, _day_text),
}
_SAME = (_same, _same)
_READERS: Mapping[str, Any] = {each.name: _FORMS.get(str(each.type), _SAME)[0] for each in fields(Card)}
_WRITERS: Mapping[str, Any] = {each.name: _FORMS.get(str(each.type), _SAME)[1] for each in fields(Card)}
