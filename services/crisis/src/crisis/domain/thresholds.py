"""Above which size an organisation wants a second person to look at its own offers. It sets them itself.

A limit counts from the moment it is stated. One that is raised or removed goes on counting for a day, so that
the key it binds cannot take it away, offer, and put it back before anybody of the organisation has seen it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType

from .balances import ZERO
from .offers import OfferLine

Amounts = Mapping[str, Decimal]
LOOSENED_AFTER = timedelta(hours=24)
COUNTED_FOR = timedelta(hours=24)
"""How long what a key put up alone counts with what it puts up next: a limit is not passed in small steps."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What one key put up alone in a crisis lately: by item in base units, by currency."""

    quantities: Amounts = field(default_factory=lambda: MappingProxyType({}))
    values: Amounts = field(default_factory=lambda: MappingProxyType({}))

    def and_these(self, lines: Sequence[OfferLine]) -> "Opened":
        """The same with these lines."""
        quantities, values = dict(self.quantities), dict(self.values)
        for line in lines:
            quantities[line.item_code] = quantities.get(line.item_code, ZERO) + line.qty
            if line.value is not None:
                values[line.value.currency] = values.get(line.value.currency, ZERO) + line.value.amount
        return Opened(quantities, values)


NOTHING_OPENED = Opened()


@dataclass(frozen=True, slots=True)
class Thresholds:
    """`quantities` by item in base units, `values` by currency; what is not named has no threshold."""

    quantities: Amounts = field(default_factory=lambda: MappingProxyType({}))
    values: Amounts = field(default_factory=lambda: MappingProxyType({}))
    version: int = 0

    @property
    def are_stated(self) -> bool:
        """Whether the organisation ever set any."""
        return self.version > 0

    def are_passed_by(self, lines: Sequence[OfferLine], beside: Opened = NOTHING_OPENED) -> bool:
        """Whether the lines together hold more of an item, or are worth more, than one person may offer.

        What the person put up lately counts `beside` them, of the same items and currencies.
        """
        these, all_of_it = NOTHING_OPENED.and_these(lines), beside.and_these(lines)
        return _above(these.quantities, all_of_it.quantities, self.quantities) or _above(
            these.values, all_of_it.values, self.values
        )


def strictest(stated: Iterable[Thresholds]) -> Thresholds:
    """Of statements that all count the lowest limit of each, under the newest version."""
    quantities: dict[str, Decimal] = {}
    values: dict[str, Decimal] = {}
    version = 0
    for each in stated:
        _lower(quantities, each.quantities)
        _lower(values, each.values)
        version = max(version, each.version)
    return Thresholds(quantities, values, version)


def _lower(limits: dict[str, Decimal], others: Amounts) -> None:
    for name, limit in others.items():
        limits[name] = min(limit, limits.get(name, limit))


def _above(named: Amounts, found: Amounts, limits: Amounts) -> bool:
    return any(name in limits and found[name] > limits[name] for name in named)
