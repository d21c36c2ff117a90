"""A pledger lets goods be used outside their earmark, for one line. Asked by a desk; silence is no."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from .answers import Doing
from .clocks import Silence, Timers
from .earmarks import misfits
from .lines import Line
from .refusals import EarmarkFits, WaiverSettled
from .supplies import Supply

LAPSE = "waiver.lapse"
SUBJECT = "waiver"


class WaiverState(StrEnum):
    """Pending until the pledger answers; granted is for this line alone."""

    PENDING = "pending"
    GRANTED = "granted"
    REFUSED = "refused"
    LAPSED = "lapsed"


WAIVER_WAITING = {WaiverState.PENDING: LAPSE}


@dataclass(frozen=True, slots=True)
class Waiver:
    """`deadline_id` is set exactly while it is pending; `answer_by` is when silence becomes a no."""

    waiver_id: UUID
    crisis_id: UUID
    is_drill: bool
    need_line_id: UUID
    offer_line_id: UUID
    asked_of_org: UUID
    asked_by_org: UUID
    state: WaiverState
    deadline_id: UUID | None
    answer_by: datetime
    version: int = 1

    def settled(self, state: WaiverState) -> "Waiver":
        """The answered question; raises WaiverSettled if it was answered before."""
        if self.state is not WaiverState.PENDING:
            raise WaiverSettled(state=self.state.value)
        return replace(self, state=state, deadline_id=None, version=self.version + 1)


def asked(supply: Supply, line: Line, timers: Timers, doing: Doing) -> Waiver:
    """The question to the pledger; raises OfferNotInState, OfferOver, EarmarkFits, what the line refuses."""
    line.must_take_pledges(doing.now)
    supply.offer.must_take_proposals(doing.now)
    if not misfits(supply.line.earmark, line, item_code=supply.line.item_code):
        raise EarmarkFits
    assert doing.actor_org_id is not None
    return Waiver(
        waiver_id=doing.new_id(),
        crisis_id=line.crisis_id,
        is_drill=line.is_drill,
        need_line_id=line.need_line_id,
        offer_line_id=supply.line.offer_line_id,
        asked_of_org=supply.offer.org_id,
        asked_by_org=doing.actor_org_id,
        state=WaiverState.PENDING,
        deadline_id=doing.new_id(),
        answer_by=doing.now + timers.period(Silence.ANSWER, line.urgency),
    )
