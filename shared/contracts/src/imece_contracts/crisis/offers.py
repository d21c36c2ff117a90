"""Facts of crisis.offers.v1, keyed by offer."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from imece_contracts.crisis.parts import Part
from imece_contracts.event import EventData
from imece_contracts.quantities import Qty
from imece_contracts.topics import OFFERS, Topic


class OfferLineSummary(Part):
    """A line as stated in an offer event."""

    line: UUID
    item: str
    qty: Qty
    unit: str
    ready_within_minutes: int | None = None


class OfferOpened(EventData):
    """An organisation stands ready with goods."""

    type: ClassVar[str] = "crisis.offer.opened"
    topic: ClassVar[Topic] = OFFERS

    offer: UUID
    org: UUID
    origin: str
    has_transport: bool = False
    available_until: datetime
    lines: tuple[OfferLineSummary, ...]
