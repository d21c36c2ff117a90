"""What the ledger adds up to, per need line and per offer line, and everything derived from it.

Coverage is computed here and nowhere else: room, gap, surplus, label, free. P and W enter none of them.
Quantities are exact decimals in the line's base unit.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from .states import NeedBucket

ZERO = Decimal(0)

MOST_COUNTED = Decimal("999999999999999.999")
"""What a bucket can hold: fifteen digits and three decimals, as its column does."""


def moves(left: StrEnum | None, entered: StrEnum | None, quantity: Decimal) -> dict[str, Decimal]:
    """Change per column when `quantity` goes from one bucket to another; nothing when both are the same."""
    if left is entered:
        return {}
    changes: dict[str, Decimal] = {}
    if left is not None:
        changes[left.value] = -quantity
    if entered is not None:
        changes[entered.value] = quantity
    return changes


@dataclass(frozen=True, slots=True)
class NeedBalance:
    """One row of need_line_balances; `version` is the line's last event sequence, gapless from 1."""

    need_line_id: UUID
    requested: Decimal
    over_cap: Decimal = ZERO
    elsewhere: Decimal = ZERO
    carried_excess: Decimal = ZERO
    proposed: Decimal = ZERO
    waitlisted: Decimal = ZERO
    held: Decimal = ZERO
    in_transit: Decimal = ZERO
    arrived: Decimal = ZERO
    good: Decimal = ZERO
    lost: Decimal = ZERO
    version: int = 0

    @property
    def counted(self) -> Decimal:
        """H + T + A + D + E: what stands against the request."""
        return self.held + self.in_transit + self.arrived + self.good + self.elsewhere

    @property
    def promised(self) -> Decimal:
        """All that was ever pledged and not given up: whatever moves between buckets, none exceeds this."""
        moving = self.held + self.in_transit + self.arrived + self.good + self.lost
        return self.proposed + self.waitlisted + moving + self.elsewhere

    @property
    def room(self) -> Decimal:
        """What may still be accepted."""
        return max(ZERO, self.requested + self.over_cap - self.counted)

    @property
    def gap(self) -> Decimal:
        """What the board shows as missing; an agreed reserve is no extra need."""
        return max(ZERO, self.requested - self.counted)

    @property
    def surplus(self) -> Decimal:
        """What stands above request and reserve."""
        return max(ZERO, self.counted - self.requested - self.over_cap)

    @property
    def label(self) -> str:
        """Coverage in one word."""
        return self.coverage()

    def coverage(self, smallest: Decimal = ZERO) -> str:
        """Coverage in one word; the first match wins. Less than the smallest piece is nothing missing."""
        delivered = self.good + self.elsewhere
        left = max(ZERO, self.requested - delivered)
        rules = (
            ("OVERSUPPLIED", self.surplus > 0),
            ("MET", left == 0 or left < smallest),
            ("COVERED", self.gap == 0 or self.gap < smallest),
            ("PARTLY_DELIVERED", delivered > 0),
            ("PARTLY_COVERED", self.counted > self.elsewhere + self.good),
        )
        return next((label for label, holds in rules if holds), "UNCOVERED")

    def moved(self, left: NeedBucket | None, entered: NeedBucket | None, quantity: Decimal) -> "NeedBalance":
        """The balance after `quantity` moved between buckets; the version stays."""
        changes = moves(left, entered, quantity)
        return replace(self, **{name: getattr(self, name) + by for name, by in changes.items()})

    def told(self) -> "NeedBalance":
        """The balance one event later."""
        return replace(self, version=self.version + 1)


@dataclass(frozen=True, slots=True)
class OfferBalance:
    """One row of offer_line_balances."""

    offer_line_id: UUID
    qty: Decimal
    reserved: Decimal = ZERO
    committed: Decimal = ZERO
    consumed: Decimal = ZERO
    version: int = 0

    @property
    def free(self) -> Decimal:
        """What may still be proposed."""
        return self.qty - self.reserved - self.committed - self.consumed
