"""What happens to the terms of an allocation: counters, longer holds, requests to let go."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from imece_contracts.crisis.allocations import AllocationEvent
from imece_contracts.quantities import Qty


class AllocationCountered(AllocationEvent):
    """The awaited side named other terms; now `awaiting` must answer by `answer_by`. Still only promised.

    `rest` was cut off by a smaller quantity and is declined. `conditions` are the types added this round.
    """

    type: ClassVar[str] = "crisis.allocation.countered"

    awaiting: Literal["pledger", "asker_side"]
    round: int
    deadline_ref: UUID
    answer_by: datetime
    leaves_at: datetime | None = None
    conditions: tuple[str, ...] | None = None
    rest: Qty | None = None
    rest_state: Literal["declined"] | None = None
    rest_allocation: UUID | None = None


class AllocationHoldExtended(AllocationEvent):
    """The hold lasts longer, on a plan for when the goods leave."""

    type: ClassVar[str] = "crisis.allocation.hold_extended"

    by: Literal["pledger", "desk"]
    deadline_ref: UUID
    lease_until: datetime
    leaves_at: datetime


class AllocationReleaseRequested(AllocationEvent):
    """The holder is asked to let the goods go; no answer by `answer_by` is a yes."""

    type: ClassVar[str] = "crisis.allocation.release_requested"

    request: UUID
    asked_by_org: UUID
    asked_by: Literal["pledger", "desk"]
    reason: str
    deadline_ref: UUID
    answer_by: datetime


class AllocationReleaseRefused(AllocationEvent):
    """The holder keeps the goods and says when they leave."""

    type: ClassVar[str] = "crisis.allocation.release_refused"

    request: UUID
    leaves_at: datetime
