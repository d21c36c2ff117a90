"""Asking a holder to let goods go: they agree, refuse with a dispatch plan, or are silent, which is a yes."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from .allocations import Allocation
from .answers import Doing
from .clocks import Silence, Timers
from .lines import Line
from .reasons import ASK_RELEASE, known_reason
from .refusals import ReleaseSettled, SameParty
from .states import State

LAPSE = "release_request.lapse"
SUBJECT = "release_request"


class RequestState(StrEnum):
    """Pending until the holder answers; void when the goods moved meanwhile."""

    PENDING = "pending"
    AGREED = "agreed"
    REFUSED = "refused"
    LAPSED = "lapsed"
    VOID = "void"


RELEASE_WAITING = {RequestState.PENDING: LAPSE}


@dataclass(frozen=True, slots=True)
class ReleaseRequest:
    """`deadline_id` is set exactly while it is pending; `answer_by` is when silence becomes a yes."""

    request_id: UUID
    allocation_id: UUID
    is_drill: bool
    asked_by_org: UUID
    is_desk: bool
    qty: Decimal
    reason: str
    state: RequestState
    deadline_id: UUID | None
    answer_by: datetime
    holder_org: UUID

    def settled(self, state: RequestState) -> "ReleaseRequest":
        """The answered request; raises ReleaseSettled if it was answered before."""
        if self.state is not RequestState.PENDING:
            raise ReleaseSettled(state=self.state.value)
        return replace(self, state=state, deadline_id=None)


def asked(
    row: Allocation, line: Line, timers: Timers, reason: str, doing: Doing, *, is_desk: bool
) -> ReleaseRequest:
    """A request to the holder of the row. Raises AllocationNotInState, SameParty, ReasonUnknown."""
    row.must_be(State.HELD)
    assert doing.actor_org_id is not None
    if doing.actor_org_id == row.pledger_org_id:
        raise SameParty(side="holder", action="ask for the release")
    return ReleaseRequest(
        request_id=doing.new_id(),
        allocation_id=row.allocation_id,
        is_drill=row.is_drill,
        asked_by_org=doing.actor_org_id,
        is_desk=is_desk,
        qty=row.qty,
        reason=known_reason(reason, ASK_RELEASE, "ask for a release"),
        state=RequestState.PENDING,
        deadline_id=doing.new_id(),
        answer_by=doing.now + timers.period(Silence.RELEASE, line.urgency),
        holder_org=row.pledger_org_id,
    )
