"""Saturation orders as read: open to every member, because everybody must know what not to send."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crisis.domain.orders import SaturationOrder
from crisis.store import line_lists
from crisis.store import orders as order_store
from crisis.store.orders import OrderFilter
from crisis.usecases import reading
from crisis.usecases.order_step import seen
from crisis.usecases.reading import Position
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class OrdersRead:
    """Orders as they were at one moment of the database's clock, each with its last change."""

    at: datetime
    rows: list[tuple[SaturationOrder, datetime]]


async def order(tx: Transaction, order_id: UUID) -> SaturationOrder:
    """One order; raises NotFound."""
    return await seen(tx, order_id)


async def orders(tx: Transaction, wanted: OrderFilter, after: Position, limit: int) -> OrdersRead:
    """Orders of a crisis; raises NotFound for an unknown crisis."""
    await reading.crisis(tx, wanted.crisis_id)
    rows = await order_store.page(tx, wanted, after, limit)
    return OrdersRead(await line_lists.now(tx), rows)
