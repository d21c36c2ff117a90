"""What becomes of promises that are not on their way when their need ends: none of them counts any longer."""

from .allocations import Allocation, Side, Step, whole_step
from .answers import Doing
from .reasons import DECLINE, LINE_CLOSED, known_reason
from .states import State

NOT_NEEDED = known_reason("not_needed", DECLINE, "decline")

ENDS = frozenset({State.PROPOSED, State.COUNTERED, State.WAITLISTED, State.HELD})
"""States in which goods have not left: these end with the need."""


def ended_with_need(row: Allocation, doing: Doing) -> Step:
    """A hold is released, a call taken back, a pledge declined, a place in the queue given up.

    Raises AllocationNotInState for goods that are on their way.
    """
    row.must_be(*ENDS)
    if row.state is State.WAITLISTED:
        end, reason = State.EXPIRED, LINE_CLOSED
    elif row.state is State.HELD or row.initiated_by is Side.DESK:
        end, reason = State.RELEASED, LINE_CLOSED
    else:
        end, reason = State.DECLINED, NOT_NEEDED
    after = row.now_in(end, doing.now, doing.actor, reason=reason)
    return whole_step(row, after, doing.command_id, doing.line_version)
