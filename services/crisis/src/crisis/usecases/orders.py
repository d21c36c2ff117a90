"""What a saturation order stops: asked at the commit of offers and proposals, and of what it asked for."""

from datetime import datetime
from uuid import UUID

from crisis.domain.allocations import Allocation
from crisis.domain.clocks import Urgency
from crisis.domain.lines import Line
from crisis.domain.orders import SaturationOrder, stopping
from crisis.domain.refusals import Saturated
from crisis.domain.release_requests import ReleaseRequest
from crisis.domain.saturation import SATURATED
from crisis.domain.states import State
from crisis.store import orders
from crisis.usecases.alternatives import as_facts, nearest_gaps
from imece_chassis.database import Transaction


async def must_not_be_saturated(
    tx: Transaction,
    crisis_id: UUID,
    item_code: str,
    district: str,
    urgency: Urgency,
    *,
    origin: str | None = None,
    now: datetime | None = None,
) -> None:
    """Raise Saturated, with the three nearest real gaps, if an order stops the item for such a line.

    To be asked after the crisis is locked. Gaps are counted from `origin` (p-code), or from the place itself.
    """
    order = stopping(await orders.in_force(tx, [crisis_id]), item_code, district, urgency)
    if order is not None:
        raise await saturated(tx, order, item_code, district, origin, now)


async def order_against(tx: Transaction, row: Allocation, line: Line) -> SaturationOrder | None:
    """The first order in force that stops the goods of a row where they go."""
    in_force = await orders.in_force(tx, [row.crisis_id])
    return stopping(in_force, row.given_item or line.item_code, line.district, line.urgency)


async def is_pointless(tx: Transaction, request: ReleaseRequest, row: Allocation, line: Line) -> bool:
    """Whether nothing can be let go on a request: the row moved on, or nothing stops the goods any more."""
    if row.state is not State.HELD:
        return True
    return request.reason == SATURATED and await order_against(tx, row, line) is None


async def saturated(
    tx: Transaction,
    order: SaturationOrder,
    item_code: str,
    district: str,
    origin: str | None = None,
    now: datetime | None = None,
) -> Saturated:
    """The refusal of an order, with where the goods are missing instead."""
    gaps = await nearest_gaps(tx, order.crisis_id, item_code, origin or district, now=now)
    return Saturated(
        alternatives=as_facts(gaps),
        item=item_code,
        place=district,
        until=order.until.isoformat(),
        order_id=str(order.order_id),
        reason=order.reason,
    )
