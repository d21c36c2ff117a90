"""What a saturation order does to promises that were made before it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from .allocations import Allocation, Step, whole_step
from .alternatives import Alternative
from .answers import Doing
from .states import State

SATURATED = "saturated"


def turned_away(row: Allocation, doing: Doing) -> Step:
    """What waits for an answer is declined, what waits for its turn expires. Raises AllocationNotInState."""
    row.must_be(State.PROPOSED, State.COUNTERED, State.WAITLISTED)
    end = State.EXPIRED if row.state is State.WAITLISTED else State.DECLINED
    after = row.now_in(end, doing.now, doing.actor, reason=SATURATED)
    return whole_step(row, after, doing.command_id, doing.line_version)


def gap_to_turn_to(
    quantity: Decimal, gaps: Sequence[Alternative], proposed: Mapping[UUID, Decimal]
) -> Alternative | None:
    """The first of the gaps (nearest first) that takes the goods beside what is proposed to it already.

    Where none takes all of them, the one that takes most; None when each is proposed away. `quantity` and
    `proposed`, by need line, are in the lines' unit. A proposal reserves nothing.
    """
    left = {gap: gap.room - proposed.get(gap.need_line_id, Decimal(0)) for gap in gaps}
    whole = next((gap for gap in gaps if left[gap] >= quantity), None)
    most = whole or max(gaps, key=lambda gap: left[gap], default=None)
    return most if most is not None and left[most] > 0 else None
