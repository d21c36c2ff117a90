"""Saturation orders as read: open to every member, because everybody must know what not to send."""

from uuid import UUID

from crisis.domain.orders import SaturationOrder
from crisis.store import orders as order_store
from crisis.usecases import reading
from crisis.usecases.order_step import seen
from crisis.usecases.reading import Position
from imece_chassis.database import Transaction


async def order(tx: Transaction, order_id: UUID) -> SaturationOrder:
    """One order; raises NotFound."""
    return await seen(tx, order_id)


async def orders(
    tx: Transaction, crisis_id: UUID, state: str | None, after: Position, limit: int
) -> list[SaturationOrder]:
    """Orders of a crisis, newest first; raises NotFound for an unknown crisis."""
    await reading.crisis(tx, crisis_id)
    last = None if after is None else UUID(str(after[0]))
    return await order_store.page(tx, crisis_id, state=state, after=last, limit=limit)
