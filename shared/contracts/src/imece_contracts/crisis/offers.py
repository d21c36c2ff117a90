"""Facts of crisis.offers.v1, keyed by offer or by package; those of waivers and conditions stand beside."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from imece_contracts.crisis.parts import Part
from imece_contracts.event import EventData
from imece_contracts.quantities import Qty
from imece_contracts.topics import OFFERS, Topic


class EarmarkSummary(Part):
    """What goods may be used for: all sets hold, one member of each is enough; an absent set asks nothing."""

    places: tuple[str, ...] | None = None
    items: tuple[str, ...] | None = None
    tamp_groups: tuple[str, ...] | None = None
    asker_orgs: tuple[UUID, ...] | None = None
    populations: tuple[str, ...] | None = None


class OfferLineSummary(Part):
    """A line as stated in an offer event."""

    line: UUID
    item: str
    qty: Qty
    unit: str
    ready_within_minutes: int | None = None
    earmark: EarmarkSummary | None = None


class OfferOpened(EventData):
    """An organisation stands ready with goods. Without target it waits to be matched.

    With `on_behalf_by` a desk of that organisation said so for `org`, which may object until `object_until`.
    """

    type: ClassVar[str] = "crisis.offer.opened"
    topic: ClassVar[Topic] = OFFERS

    offer: UUID
    org: UUID
    origin: str
    has_transport: bool = False
    available_until: datetime
    lines: tuple[OfferLineSummary, ...]
    is_unsolicited: bool | None = None
    package: UUID | None = None
    on_behalf_by: UUID | None = None
    object_until: datetime | None = None


class OfferStep(EventData):
    """The offer after a later step, its lines with what they hold now."""

    topic: ClassVar[Topic] = OFFERS

    offer: UUID
    org: UUID
    origin: str
    available_until: datetime
    lines: tuple[OfferLineSummary, ...]


class OfferRevised(OfferStep):
    """A line holds more or less than before."""

    type: ClassVar[str] = "crisis.offer.revised"

    line: UUID
    before: Qty
    after: Qty


class OfferSuspended(OfferStep):
    """It takes no proposals and calls for now; without a decision it is closed at `until`."""

    type: ClassVar[str] = "crisis.offer.suspended"

    cause: Literal["organisation", "desk"]
    reason: str
    until: datetime


class OfferResumed(OfferStep):
    """It takes proposals and calls again."""

    type: ClassVar[str] = "crisis.offer.resumed"

    reason: str


class OfferClosed(OfferStep):
    """It ended: used up, over, taken back, or with the call it was made for."""

    type: ClassVar[str] = "crisis.offer.closed"

    reason: str


class PackageLineSummary(Part):
    """A line of a package."""

    item: str
    qty: Qty
    unit: str


class PackageStep(EventData):
    """A package: goods an organisation keeps ready without a crisis."""

    topic: ClassVar[Topic] = OFFERS

    package: UUID
    org: UUID
    origin: str
    lines: tuple[PackageLineSummary, ...]
    ready_within_minutes: int | None = None


class PackageVerified(PackageStep):
    """The organisation said that it is all still there; it must say so again by `verify_due_at`."""

    type: ClassVar[str] = "crisis.package.verified"

    verify_due_at: datetime


class PackageStale(PackageStep):
    """Nobody said so in time: it is not suggested until somebody does."""

    type: ClassVar[str] = "crisis.package.stale"

    verified_at: datetime
