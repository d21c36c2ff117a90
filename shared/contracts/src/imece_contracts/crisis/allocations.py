"""What happens to allocations: facts of crisis.lines.v1, keyed by need line."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from imece_contracts.crisis.lines import LineEvent
from imece_contracts.crisis.parts import Part, Urgency
from imece_contracts.quantities import Qty


class Alternative(Part):
    """A line of the same crisis that misses the item; `distance_km` between province centres."""

    need_line: UUID
    need: UUID
    district: str
    room: Qty
    unit: str
    needed_by: datetime
    urgency: Urgency
    distance_km: int


class AllocationEvent(LineEvent):
    """Something happened to an allocation of this line: `qty` in its unit, `supply_qty` in the offer's.

    `given_item` is the item really given where it stands in for the line's, `bundle` what it is a row of.
    With `on_behalf_by` a desk of that organisation promised it for `pledger_org`, which may object until
    `object_until`.
    """

    allocation: UUID
    root: UUID
    offer_line: UUID
    pledger_org: UUID
    asker_org: UUID
    qty: Qty
    supply_qty: Qty
    unit: str
    given_item: str | None = None
    bundle: UUID | None = None
    on_behalf_by: UUID | None = None
    object_until: datetime | None = None


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
    """The awaited side said no. `alternatives` are the nearest places that miss the item."""

    type: ClassVar[str] = "crisis.allocation.declined"

    reason: str
    alternatives: tuple[Alternative, ...] | None = None


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


class AllocationReleased(AllocationEvent):
    """The asker's side or the holder's consent let it go; what was held is missing again or needed no more.

    `rest` is what stays held when only a part was released.
    """

    type: ClassVar[str] = "crisis.allocation.released"

    reason: str
    from_state: str
    rest: Qty | None = None
    rest_state: Literal["held"] | None = None
    rest_allocation: UUID | None = None
