"""Events of saturation orders."""

from typing import Any

from crisis.domain.orders import OrderState, SaturationOrder
from crisis.events.story import Story, moment, sealed
from imece_contracts import crisis as contract
from imece_contracts.envelope import Envelope
from imece_contracts.event import EventData

_MODEL_OF_STATE: dict[OrderState, type[EventData]] = {
    OrderState.PROVISIONAL: contract.SaturationOrderIssued,
    OrderState.ACTIVE: contract.SaturationOrderConfirmed,
    OrderState.LAPSED: contract.SaturationOrderLapsed,
}


def order_moved(order: SaturationOrder, story: Story) -> Envelope:
    """What became of an order: issued, confirmed or lapsed."""
    document: dict[str, Any] = {
        "order": order.order_id,
        "area": order.area,
        "until": moment(order.until),
        "reason": order.reason,
        "names_life_saving": order.names_life_saving,
    }
    if order.item_code is not None:
        document["item"] = order.item_code
    if order.item_group is not None:
        document["item_group"] = order.item_group
    if order.depot is not None:
        document["depot_district"] = order.depot
    if order.state is OrderState.PROVISIONAL:
        assert order.due_at is not None
        document["provisional_until"] = moment(order.due_at)
    if order.lapse_reason is not None:
        document["lapse_reason"] = order.lapse_reason
    model = _MODEL_OF_STATE[order.state]
    subject = f"saturation_order/{order.order_id}"
    return sealed(model, document, subject, order.order_id, order.version, story)
