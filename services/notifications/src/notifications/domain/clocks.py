"""Clocks of another service: whom each waits for, and the notices that tell of it."""

from dataclasses import dataclass
from uuid import UUID

from notifications.domain.reach import Reach


@dataclass(frozen=True, slots=True)
class Clock:
    """An event speaks of this deadline and whom it waits for. `milestone`: 50 or 80 per cent.

    `is_for_desks`: it waits for the asker's side, and each desk of the place may be the one that answers.
    `writer_id` wrote down what the organisation promises, and may be the one that answers for it. Whoever
    owns the deadline knows which.
    """

    deadline_ref: UUID
    organisation_id: UUID
    milestone: int | None = None
    is_for_desks: bool = False
    writer_id: UUID | None = None

    def may_wait_for(self, organisation_id: UUID) -> bool:
        """Whether it names the organisation as one that may answer."""
        return organisation_id in (self.organisation_id, self.writer_id)


@dataclass(frozen=True, slots=True)
class ClockNotice:
    """What one organisation is told of one event about a clock that waits for it.

    `is_superseded`: a later notice about the same clock reached it, so this one's failing says nothing more.
    """

    clock_notice_id: UUID
    deadline_ref: UUID
    event_id: UUID
    organisation_id: UUID
    kind: str
    crisis_id: UUID | None
    subject: str
    milestone: int | None
    is_drill: bool
    reach: Reach
    is_superseded: bool
