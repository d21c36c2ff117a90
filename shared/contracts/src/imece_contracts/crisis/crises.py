"""Facts of crisis.crises.v1, keyed by crisis."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from imece_contracts.crisis.parts import Part, Severity
from imece_contracts.event import EventData
from imece_contracts.topics import CRISES, Topic


class Declared(Part):
    """Level and severity at one time."""

    level: str | None = None
    severity: Severity


class Extent(Part):
    """Where a crisis is and who supports it, as p-codes."""

    area: tuple[str, ...]
    supporting_provinces: tuple[str, ...] = ()


class CrisisProposed(EventData):
    """Somebody reported a hazard; a person of the secretariat must decide."""

    type: ClassVar[str] = "crisis.crisis.proposed"
    topic: ClassVar[Topic] = CRISES

    crisis: UUID
    hazard: str
    severity: Severity
    area: tuple[str, ...]
    source: str
    external_id: str
    decide_by: datetime


class CrisisDismissed(EventData):
    """A proposal was not opened."""

    type: ClassVar[str] = "crisis.crisis.dismissed"
    topic: ClassVar[Topic] = CRISES

    crisis: UUID
    reason: str


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


class CrisisGoesOn(EventData):
    """A crisis takes needs and pledges again; said anew for those who forgot it."""

    topic: ClassVar[Topic] = CRISES

    crisis: UUID
    crisis_no: str
    hazard: str
    level: str | None = None
    severity: Severity
    area: tuple[str, ...]
    supporting_provinces: tuple[str, ...] = ()
    glide: tuple[str, ...] = ()
    reason: str


class CrisisReactivated(CrisisGoesOn):
    """A crisis that was stood down takes needs and pledges again."""

    type: ClassVar[str] = "crisis.crisis.reactivated"


class CrisisReopened(CrisisGoesOn):
    """A closed crisis was opened again, with two keys."""

    type: ClassVar[str] = "crisis.crisis.reopened"


class CrisisLevelChanged(EventData):
    """Level and severity were declared; `before` equal to `after` is a review that changed nothing."""

    type: ClassVar[str] = "crisis.crisis.level_changed"
    topic: ClassVar[Topic] = CRISES

    crisis: UUID
    before: Declared
    after: Declared
    declared_by: str
    declared_at: datetime
    source_ref: str | None = None


class CrisisAreaChanged(EventData):
    """The area, or the provinces that support it, were declared anew."""

    type: ClassVar[str] = "crisis.crisis.area_changed"
    topic: ClassVar[Topic] = CRISES

    crisis: UUID
    before: Extent
    after: Extent
    declared_by: str
    declared_at: datetime
    source_ref: str | None = None


class CrisisStoodDown(EventData):
    """No new needs; what runs is to be at its end by `wind_down_until`."""

    type: ClassVar[str] = "crisis.crisis.stood_down"
    topic: ClassVar[Topic] = CRISES

    crisis: UUID
    reason: str
    wind_down_until: datetime


class CrisisClosed(EventData):
    """Nothing in the crisis waits for an answer any more."""

    type: ClassVar[str] = "crisis.crisis.closed"
    topic: ClassVar[Topic] = CRISES

    crisis: UUID
    closed_at: datetime


class CrisisSettingsChanged(EventData):
    """Timers, limits or views of a crisis have a new version; `changed` names the members."""

    type: ClassVar[str] = "crisis.crisis.settings_changed"
    topic: ClassVar[Topic] = CRISES

    crisis: UUID
    settings_version: int
    changed: tuple[str, ...]
    is_public: bool
