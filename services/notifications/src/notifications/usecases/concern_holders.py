"""ConcernHolders: an order about goods has as parties those who promised them for its area.

Orders are kept for ever on their topic: whoever reads it from the beginning meets what is long over.
"""

from collections.abc import Sequence
from dataclasses import replace

from imece_chassis.database import Transaction
from notifications.domain.audience import Fact
from notifications.store import promises


async def concern_holders(tx: Transaction, facts: Sequence[Fact]) -> list[Fact]:
    """The facts without orders that are history; orders with their holders.

    To be asked after the promises of the batch are kept.
    """
    if all(fact.order is None for fact in facts):
        return list(facts)
    now = await promises.now(tx)
    return [
        fact if fact.order is None else replace(fact, parties=await promises.holders(tx, fact.order))
        for fact in facts
        if fact.order is None or fact.order.is_news(fact.occurred_at, now)
    ]
