"""Calls from the waiting list and reminders of a hold: facts of crisis.lines.v1."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from imece_contracts.crisis.allocations import AllocationEvent
from imece_contracts.quantities import Qty


class AllocationPromoted(AllocationEvent):
    """Its turn came: a waiting row is called and the pledger must answer by `answer_by`.

    `fitness` are the points that put it first; `rest` stays on the waiting list.
    """

    type: ClassVar[str] = "crisis.allocation.promoted"

    awaiting: Literal["pledger"]
    deadline_ref: UUID
    answer_by: datetime
    fitness: int
    rest: Qty | None = None
    rest_allocation: UUID | None = None


class AllocationReminderDue(AllocationEvent):
    """Half (50) or four fifths (80) of a lease have passed; `deadline_ref` is the lease's own clock."""

    type: ClassVar[str] = "crisis.allocation.reminder_due"

    milestone: Literal[50, 80]
    deadline_ref: UUID
    lease_until: datetime
