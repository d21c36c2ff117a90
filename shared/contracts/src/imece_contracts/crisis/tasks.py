"""Facts of crisis.tasks.v1, keyed by task."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from imece_contracts.crisis.parts import Urgency
from imece_contracts.event import EventData
from imece_contracts.topics import TASKS, Topic

Seat = Literal["primary", "deputy", "officer"]


class TaskEvent(EventData):
    """`subject` is `type/id`; without `desk` it is the secretariat's. `due_at` is the first promise.

    A divert because of a saturation `order` names the depot's or the gap's place, and the line of a gap.
    """

    topic: ClassVar[Topic] = TASKS

    task: UUID
    kind: str
    desk: UUID | None = None
    seat: Seat
    subject: str
    place: str
    item_group: str | None = None
    urgency: Urgency
    due_at: datetime
    deadline_ref: UUID | None = None
    order: UUID | None = None
    proposed_district: str | None = None
    proposed_line: UUID | None = None


class TaskOpened(TaskEvent):
    """Somebody must look at something."""

    type: ClassVar[str] = "crisis.task.opened"


class TaskReassigned(TaskEvent):
    """Nobody did; the next seat is called."""

    type: ClassVar[str] = "crisis.task.reassigned"

    from_desk: UUID | None = None
    from_seat: Seat
    escalation: int


class TaskOverdue(TaskEvent):
    """Nobody did and nobody sits higher: the officer is called again."""

    type: ClassVar[str] = "crisis.task.overdue"

    escalation: int


class TaskDone(TaskEvent):
    """It was done, by hand or by the command it waited for."""

    type: ClassVar[str] = "crisis.task.done"

    outcome: str
