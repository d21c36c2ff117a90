"""A bundle: what several need lines miss, promised as one. The days of a recurring need, or tents, heaters
and beds of one village.

Its rows are made together or not at all, of one organisation, for one crisis, from one offer. Each is an
ordinary allocation afterwards: what becomes of it, its own state says.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from .allocations import Allocation, Side
from .pledges import Pledge
from .states import State

MOST_ROWS = 100  # one command holds the locks of as many need lines
WITHDRAWABLE = frozenset({State.PROPOSED, State.COUNTERED, State.WAITLISTED, State.HELD})


@dataclass(frozen=True, slots=True)
class Bundle:
    """What never changes of it; `row_count` as it was made."""

    bundle_id: UUID
    crisis_id: UUID
    is_drill: bool
    org_id: UUID
    offer_id: UUID
    row_count: int
    made_at: datetime


def version_of(rows: Iterable[Allocation]) -> int:
    """The version of a bundle with these rows, parents of cuts among them: every step of any raises it."""
    return sum(row.version for row in rows)


def waiting_for(rows: Iterable[Allocation], side: Side) -> list[Allocation]:
    """Rows whose answer this side owes."""
    return [row for row in rows if row.awaiting is side]


def withdrawable(rows: Iterable[Allocation]) -> list[Allocation]:
    """Rows that their pledger may still take back."""
    return [row for row in rows if row.state in WITHDRAWABLE]


def left_alone(rows: Iterable[Allocation], moved: Iterable[Allocation]) -> tuple[Allocation, ...]:
    """Rows with a quantity that a command on the bundle did not move."""
    ids = {row.allocation_id for row in moved}
    return tuple(row for row in rows if row.allocation_id not in ids and row.state is not State.SPLIT)


def due_together(pledges: Sequence[Pledge]) -> list[Pledge]:
    """The pledges with one instant to be answered by, the earliest of theirs: the most urgent line decides.

    What was taken at once or waits for room keeps its own clock.
    """
    waiting = [pledge for pledge in pledges if pledge.row.state is State.PROPOSED]
    if not waiting:
        return list(pledges)
    due_at = min(pledge.clock.due_at for pledge in waiting)
    return [_due(pledge, due_at) if pledge.row.state is State.PROPOSED else pledge for pledge in pledges]


def _due(pledge: Pledge, due_at: datetime) -> Pledge:
    row = replace(pledge.allocation, clock=replace(pledge.clock, due_at=due_at))
    return replace(pledge, allocation=row)
