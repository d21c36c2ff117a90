"""Every event of crisis.lines.v1 carries the whole vector of its line after it; these are the line's own."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from imece_contracts.crisis.parts import CoverageLabel, Part, Urgency
from imece_contracts.event import EventData
from imece_contracts.quantities import Qty
from imece_contracts.topics import LINES, Topic


class LineVector(Part):
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


class LineEvent(EventData):
    """Any event of crisis.lines.v1: the whole vector after it."""

    topic: ClassVar[Topic] = LINES

    line: LineVector


class NeedLineOpened(LineEvent):
    """The line appears on boards."""

    type: ClassVar[str] = "crisis.need_line.opened"


class NeedLineChanged(LineEvent):
    """The need of the line changed, its quantities did not. `before` and `after` are states of the need."""

    type: ClassVar[str] = "crisis.need_line.changed"

    before: str
    after: str
    reason: str
