"""The desk's work queue: what somebody must look at, who that is now, and who is called when nobody does.

A task climbs primary → deputy → secretariat officer and stays with the officer, who is told again and again:
no task ends in silence.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from .clocks import Urgency
from .reasons import LEFT_AS_IS
from .refusals import TaskDone, TaskStillNeeded


class TaskKind(StrEnum):
    """What is to be done; values as stored and published."""

    VERIFY_NEED = "verify_need"
    VERIFY_LIFE_SAVING = "verify_life_saving"
    RETURNED_NEED = "returned_need"
    APPEAL = "appeal"
    CLOSE_STALE_NEED = "close_stale_need"
    SURPLUS = "surplus"
    DECIDE_HOLD = "decide_hold"
    NOT_REACHED = "not_reached"
    LEVEL_REVIEW = "level_review"
    WIND_DOWN = "wind_down"
    OFFER_REVIEW = "offer_review"
    MATCH_OFFER = "match_offer"
    SILENT_DESK = "silent_desk"
    POOL_OFFERS = "pool_offers"
    DIVERT = "divert"
    DECIDE_CRISIS = "decide_crisis"


OF_SECRETARIAT = frozenset({TaskKind.LEVEL_REVIEW, TaskKind.WIND_DOWN})
"""Kinds no province desk can settle."""

BY_WORD = frozenset({TaskKind.RETURNED_NEED, TaskKind.NOT_REACHED, TaskKind.POOL_OFFERS})
"""Kinds that ask for a call or a look, of which the desk's word is all there is; their subject asks again."""

MAY_BE_LEFT = frozenset(
    {
        TaskKind.CLOSE_STALE_NEED,
        TaskKind.DECIDE_HOLD,
        TaskKind.OFFER_REVIEW,
        TaskKind.MATCH_OFFER,
        TaskKind.DIVERT,
    }
)
"""Kinds that ask for a decision, which may be to leave things as they are."""


class Seat(StrEnum):
    """Who of a desk's watch is called."""

    PRIMARY = "primary"
    DEPUTY = "deputy"
    OFFICER = "officer"


class TaskState(StrEnum):
    """`overdue` is a task whose time passed without anybody ending it."""

    OPEN = "open"
    OVERDUE = "overdue"
    DONE = "done"


TASK_OVERDUE = "task.overdue"
TASK_WAITING = {TaskState.OPEN: TASK_OVERDUE, TaskState.OVERDUE: TASK_OVERDUE}
"""What ends the silence of a task, whoever holds it."""


@dataclass(frozen=True, slots=True)
class Post:
    """A seat at a desk; without desk it is the secretariat's."""

    desk_id: UUID | None
    seat: Seat

    def above(self, secretariat: UUID | None) -> "Post":
        """Who is called next; the officer of the secretariat has nobody above."""
        if self.seat is Seat.PRIMARY:
            return Post(self.desk_id, Seat.DEPUTY)
        if self.seat is Seat.DEPUTY:
            return Post(secretariat, Seat.OFFICER)
        return self


@dataclass(frozen=True, slots=True)
class Turn:
    """Where goods on the road might turn because of a saturation order: a depot or a line that misses them.

    `place` is a p-code, None where no depot is named and nothing is missing; `need_line_id` only of a line.
    """

    order_id: UUID
    place: str | None = None
    need_line_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """`due_at` is the first promise and stays; `deadline_id` is the clock of whoever holds it now."""

    task_id: UUID
    kind: TaskKind
    crisis_id: UUID
    is_drill: bool
    subject_type: str
    subject_id: UUID
    place: str
    item_group: str | None
    urgency: Urgency
    post: Post
    due_at: datetime
    every: timedelta
    deadline_id: UUID | None
    state: TaskState = TaskState.OPEN
    escalations: int = 0
    outcome: str | None = None
    done_at: datetime | None = None
    done_by_org_id: UUID | None = None
    version: int = 1
    turn: Turn | None = None

    def escalated(self, secretariat: UUID | None, deadline_id: UUID) -> "Task":
        """The task one seat higher, or once more with the officer. Raises TaskDone."""
        self.must_wait()
        return replace(
            self,
            state=TaskState.OVERDUE,
            post=self.post.above(secretariat),
            escalations=self.escalations + 1,
            deadline_id=deadline_id,
            version=self.version + 1,
        )

    def done(self, outcome: str, by_org_id: UUID | None, at: datetime) -> "Task":
        """The task with its outcome. Raises TaskDone."""
        self.must_wait()
        return replace(
            self,
            state=TaskState.DONE,
            outcome=outcome,
            done_at=at,
            done_by_org_id=by_org_id,
            deadline_id=None,
            version=self.version + 1,
        )

    def handed_on(self, task_id: UUID, subject_id: UUID, deadline_id: UUID) -> "Task":
        """A new task about another subject of the same kind, with whoever has this one. Raises TaskDone."""
        self.must_wait()
        return replace(
            self,
            task_id=task_id,
            subject_id=subject_id,
            deadline_id=deadline_id,
            state=TaskState.OPEN,
            escalations=0,
            version=1,
        )

    def must_wait(self) -> None:
        """Raise TaskDone unless somebody must still act."""
        if self.state is TaskState.DONE:
            raise TaskDone(outcome=self.outcome or "", at=self.done_at.isoformat() if self.done_at else "")


def must_have_come_about(task: Task, outcome: str, *, is_needed: bool) -> None:
    """Raise TaskStillNeeded when a word would end what only the deed or a decision to leave it may end."""
    if not is_needed or task.kind in BY_WORD:
        return
    may_be_left = task.kind in MAY_BE_LEFT
    if not (may_be_left and outcome == LEFT_AS_IS):
        instead = LEFT_AS_IS if may_be_left else "none"
        raise TaskStillNeeded(kind=task.kind, outcome=outcome, instead=instead)


def first_post(kind: TaskKind, desk_id: UUID | None, secretariat: UUID | None) -> Post:
    """Who is asked first: the desk found for it, else the secretariat, whose officer is its only seat."""
    if kind not in OF_SECRETARIAT and desk_id is not None:
        return Post(desk_id, Seat.PRIMARY)
    return Post(secretariat, Seat.OFFICER if secretariat is None else Seat.PRIMARY)
