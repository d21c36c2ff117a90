"""Facts of the crisis service. Ids, codes and quantities only: no names, addresses, coordinates or free text.

Every event of crisis.lines.v1 carries the line's whole balance vector after it: a reader upserts by sequence.
"""

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from imece_contracts.event import EventData
from imece_contracts.quantities import Qty
from imece_contracts.topics import CRISES, LINES, NEEDS, OFFERS, Topic

Severity = Literal["yellow", "orange", "red"]
Urgency = Literal["life_saving", "urgent", "normal"]
CoverageLabel = Literal["OVERSUPPLIED", "MET", "COVERED", "PARTLY_DELIVERED", "PARTLY_COVERED", "UNCOVERED"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class LineVector(_Part):
    """One need line after the event: R requested, C over-cap, E elsewhere, P proposed, W waitlisted, H held,
    T in transit, A arrived, D delivered, L lost; all in `unit` (base unit of the item)."""

    need_line: UUID
    need: UUID
    asker_org: UUID
    item: str
    unit: str
    district: str
    day: date | None = None
    needed_by: datetime
    need_state: str
    urgency: Urgency
    verification: int
    is_stale: bool = False
    opened_at: datetime
    R: Qty
    C: Qty
    E: Qty
    P: Qty
    W: Qty
    H: Qty
    T: Qty
    A: Qty
    D: Qty
    L: Qty
    room: Qty
    gap: Qty
    surplus: Qty
    at_risk: Qty
    label: CoverageLabel


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


class NeedLineSummary(_Part):
    """A line as stated in a need event."""

    line: UUID
    kind: str = "goods"
    item: str
    qty: Qty
    unit: str
    needed_by: datetime


class NeedSubmitted(EventData):
    """An organisation stated a need; a verifier must look at it."""

    type: ClassVar[str] = "crisis.need.submitted"
    topic: ClassVar[Topic] = NEEDS

    need: UUID
    asker_org: UUID
    district: str
    urgency: Urgency
    lines: tuple[NeedLineSummary, ...]


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


class LineEvent(EventData):
    """Any event of crisis.lines.v1: the whole vector after it."""

    topic: ClassVar[Topic] = LINES

    line: LineVector


class NeedLineOpened(LineEvent):
    """The line appears on boards."""

    type: ClassVar[str] = "crisis.need_line.opened"


class AllocationEvent(LineEvent):
    """Something happened to an allocation of this line. `qty` is in the line's unit."""

    allocation: UUID
    root: UUID
    offer_line: UUID
    pledger_org: UUID
    asker_org: UUID
    qty: Qty
    supply_qty: Qty
    unit: str


class AllocationProposed(AllocationEvent):
    """A pledge: shown, not counted. `awaiting` must answer by `answer_by`."""

    type: ClassVar[str] = "crisis.allocation.proposed"

    awaiting: Literal["pledger", "asker_side"]
    deadline_ref: UUID
    answer_by: datetime


class AllocationWaitlisted(AllocationEvent):
    """The line had no room; the pledge waits for its turn."""

    type: ClassVar[str] = "crisis.allocation.waitlisted"

    deadline_ref: UUID


class AllocationHeld(AllocationEvent):
    """Accepted: `qty` now counts as held. `rest` is what was split off and what became of it."""

    type: ClassVar[str] = "crisis.allocation.held"

    rest: Qty | None = None
    rest_state: Literal["declined", "waitlisted"] | None = None
    rest_allocation: UUID | None = None
    is_auto: bool = False
    deadline_ref: UUID
    lease_until: datetime


class AllocationDeclined(AllocationEvent):
    """The awaited side said no."""

    type: ClassVar[str] = "crisis.allocation.declined"

    reason: str


class AllocationWithdrawn(AllocationEvent):
    """The pledger took it back; a held quantity re-opens the gap. `from_state` says what it was."""

    type: ClassVar[str] = "crisis.allocation.withdrawn"

    reason: str
    from_state: str


class AllocationExpired(AllocationEvent):
    """Nobody answered in time. `silent_side` is who was awaited."""

    type: ClassVar[str] = "crisis.allocation.expired"

    silent_side: Literal["pledger", "asker_side", "line"]
    from_state: str


class AllocationHoldExpired(AllocationEvent):
    """The hold lease ended without dispatch; the gap is open again."""

    type: ClassVar[str] = "crisis.allocation.hold_expired"


class OfferLineSummary(_Part):
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
