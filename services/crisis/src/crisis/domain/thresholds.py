"""Above which size an organisation wants a second person to look at its own offers. It sets them itself.

A limit counts from the moment it is stated. One that is raised or removed goes on counting for a day, so that
the key it binds cannot take it away, offer, and put it back before anybody of the organisation has seen it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType

from .balances import ZERO
from .offers import OfferLine

Amounts = Mapping[str, Decimal]
LOOSENED_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """`quantities` by item in base units, `values` by currency; what is not named has no threshold."""

    quantities: Amounts = field(default_factory=lambda: MappingProxyType({}))
    values: Amounts = field(default_factory=lambda: MappingProxyType({}))
    version: int = 0

    def are_passed_by(self, lines: tuple[OfferLine, ...]) -> bool:
        """Whether the lines together hold more of an item, or are worth more, than one person may offer."""
        held: dict[str, Decimal] = {}
        worth: dict[str, Decimal] = {}
        for line in lines:
            held[line.item_code] = held.get(line.item_code, ZERO) + line.qty
            if line.value is not None:
                worth[line.value.currency] = worth.get(line.value.currency, ZERO) + line.value.amount
        return _above(held, self.quantities) or _above(worth, self.values)


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


def _above(found: Mapping[str, Decimal], limits: Amounts) -> bool:
    return any(name in limits and amount > limits[name] for name, amount in found.items())
