"""An organisation does not stand by what a desk promised in its name: it ends, and counts for nothing.

What has left is corrected by the secretariat instead.
"""

from .allocations import Allocation, Step, whole_step
from .answers import Doing
from .states import State

OBJECTION = "objection"
ENDED = (State.PROPOSED, State.COUNTERED, State.WAITLISTED, State.HELD)


def objected(row: Allocation, doing: Doing) -> Step:
    """The row taken back, told like any other withdrawal. Raises AllocationNotInState."""
    row.must_be(*ENDED)
    after = row.now_in(State.WITHDRAWN, doing.now, doing.actor, reason=OBJECTION)
    return whole_step(row, after, doing.command_id, doing.line_version)
