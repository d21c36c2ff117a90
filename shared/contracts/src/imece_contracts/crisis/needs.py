"""Facts of crisis.needs.v1, keyed by need."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from imece_contracts.crisis.parts import Part, Urgency
from imece_contracts.event import EventData
from imece_contracts.quantities import Qty
from imece_contracts.topics import NEEDS, Topic


class NeedLineSummary(Part):
    """A line as stated in a need event."""

    line: UUID
    kind: str = "goods"
    item: str
    qty: Qty
    unit: str
    needed_by: datetime
    group: str | None = None


class NeedSubmitted(EventData):
    """An organisation stated a need; a verifier must look at it. `duplicate_hints` may be the same need."""

    type: ClassVar[str] = "crisis.need.submitted"
    topic: ClassVar[Topic] = NEEDS

    need: UUID
    asker_org: UUID
    district: str
    urgency: Urgency
    lines: tuple[NeedLineSummary, ...]
    duplicate_hints: tuple[UUID, ...] | None = None


class NeedOpened(EventData):
    """A need was verified and takes pledges."""

    type: ClassVar[str] = "crisis.need.opened"
    topic: ClassVar[Topic] = NEEDS

    need: UUID
    asker_org: UUID
    district: str
    urgency: Urgency
    verification: int
    lines: tuple[NeedLineSummary, ...]
