"""A line of an offer that is open, with what is free of it: what proposals and calls take from.

The caller holds the lock of the line's balance, so offer and figures stand still.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from .balances import OfferBalance
from .offers import Offer, OfferLine
from .refusals import StepBroken, SupplyExceeded
from .units import plain


@dataclass(frozen=True, slots=True)
class Supply:
    """What is offered where by whom, and how much of it is not promised yet."""

    offer: Offer
    line: OfferLine
    balance: OfferBalance

    def must_give(self, quantity: Decimal, now: datetime) -> None:
        """Raise OfferNotInState, OfferOver, SupplyExceeded or StepBroken unless this much may be promised.

        The last of a line may always be taken whole.
        """
        self.offer.must_take_proposals(now)
        free, step = self.balance.free, self.line.step
        if quantity > free:
            raise SupplyExceeded(quantity=plain(quantity), free=plain(free), unit=self.line.unit)
        if step and quantity % step and quantity != free:
            raise StepBroken(quantity=plain(quantity), step=plain(step), unit=self.line.unit)

    def after(self, quantity: Decimal) -> "Supply":
        """The line with this much more reserved, for the next decision under the same lock."""
        return replace(self, balance=replace(self.balance, reserved=self.balance.reserved + quantity))


def gone(quantity: Decimal, balance: OfferBalance) -> Decimal:
    """How much of a line goes with stock that is gone: what is promised to others stays on it."""
    return min(quantity, balance.free)
