"""ConcernHolders: an order about goods has as parties those who promised them for its area."""

from collections.abc import Sequence
from dataclasses import replace

from imece_chassis.database import Transaction
from notifications.domain.audience import Fact
from notifications.store import promises


async def concern_holders(tx: Transaction, facts: Sequence[Fact]) -> list[Fact]:
    """The same facts; orders with their holders, to be asked after the promises of the batch are kept."""
    return [
        fact if fact.order is None else replace(fact, parties=await promises.holders(tx, fact.order))
        for fact in facts
    ]
