"""Estimates for a number of people, with the figures of a crisis where it has its own."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from crisis.domain.estimates import Estimate, estimates
from crisis.domain.refusals import NotFound
from crisis.store import crises
from imece_chassis.database import Transaction


async def estimated(tx: Transaction, people: int, days: int, crisis_id: UUID | None) -> list[Estimate]:
    """Every amount; raises NotFound for an unknown crisis."""
    own: Mapping[str, Decimal] = {}
    if crisis_id is not None:
        crisis = await crises.read(tx, crisis_id)
        if crisis is None:
            raise NotFound(kind="crisis", id=str(crisis_id))
        own = crisis.settings.estimates
    return estimates(people, days, own)
