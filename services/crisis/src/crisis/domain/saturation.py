"""What a saturation order does to promises that were made before it."""

from .allocations import Allocation, Step, whole_step
from .answers import Doing
from .states import State

SATURATED = "saturated"


def turned_away(row: Allocation, doing: Doing) -> Step:
    """What waits for an answer is declined, what waits for its turn expires. Raises AllocationNotInState."""
    row.must_be(State.PROPOSED, State.COUNTERED, State.WAITLISTED)
    end = State.EXPIRED if row.state is State.WAITLISTED else State.DECLINED
    after = row.now_in(end, doing.now, doing.actor, reason=SATURATED)
    return whole_step(row, after, doing.command_id, doing.line_version)
