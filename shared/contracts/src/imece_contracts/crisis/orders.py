"""Facts of crisis.orders.v1, keyed by order: what nobody should send, where and until when."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from imece_contracts.event import EventData
from imece_contracts.topics import ORDERS, Topic


class SaturationOrderEvent(EventData):
    """The order after the event: one of `item` and `item_group`, places as p-codes."""

    topic: ClassVar[Topic] = ORDERS

    order: UUID
    item: str | None = None
    item_group: str | None = None
    area: tuple[str, ...]
    until: datetime
    reason: str
    depot_district: str | None = None
    names_life_saving: bool = False


class SaturationOrderIssued(SaturationOrderEvent):
    """One key stopped the goods at once; without a second one it lapses at `provisional_until`."""

    type: ClassVar[str] = "crisis.saturation_order.issued"

    provisional_until: datetime


class SaturationOrderConfirmed(SaturationOrderEvent):
    """A second key of the secretariat: stopped until `until`."""

    type: ClassVar[str] = "crisis.saturation_order.confirmed"


class SaturationOrderLapsed(SaturationOrderEvent):
    """Goods may be promised again."""

    type: ClassVar[str] = "crisis.saturation_order.lapsed"

    lapse_reason: Literal["no_second_key", "ended", "lifted"]
