"""Facts of crisis.crises.v1, keyed by crisis."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from imece_contracts.crisis.parts import Severity
from imece_contracts.event import EventData
from imece_contracts.topics import CRISES, Topic


class CrisisOpened(EventData):
    """A crisis was opened by the secretariat."""

    type: ClassVar[str] = "crisis.crisis.opened"
    topic: ClassVar[Topic] = CRISES

    crisis: UUID
    crisis_no: str
    title: dict[str, str]
    hazard: str
    level: str | None = None
    severity: Severity
    area: tuple[str, ...]
    supporting_provinces: tuple[str, ...] = ()
    glide: tuple[str, ...] = ()
    opened_at: datetime
