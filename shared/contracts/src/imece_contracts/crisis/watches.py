"""Who is to be called at a desk. These facts travel on crisis.crises.v1, keyed by watch."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from imece_contracts.crisis.tasks import Seat
from imece_contracts.event import EventData
from imece_contracts.topics import CRISES, Topic


class WatchChanged(EventData):
    """Somebody was seated at a desk, or got up. `person_ref` is opaque; a standing desk has no crisis."""

    type: ClassVar[str] = "crisis.watch.changed"
    topic: ClassVar[Topic] = CRISES

    watch: UUID
    change: Literal["seated", "ended"]
    desk: UUID
    level: Literal["province", "secretariat"]
    area: tuple[str, ...] = ()
    item_groups: tuple[str, ...] = ()
    host_org: UUID
    seat: Seat
    person_ref: str
    since: datetime
    until: datetime
