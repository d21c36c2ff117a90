"""Reminders of a hold: at half and at four fifths of its lease the holder hears that time runs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from .allocations import Allocation, Step
from .states import State, Timer

HALF, LATE = "allocation.remind_half", "allocation.remind_late"
MILESTONES: Mapping[str, int] = MappingProxyType({HALF: 50, LATE: 80})


def remind_at(row: Allocation, milestone: int) -> datetime | None:
    """When so many hundredths of the lease have passed; None for a row that holds nothing."""
    if row.state is not State.HELD or row.clock is None or row.clock.kind is not Timer.HOLD:
        return None
    return row.state_since + (row.clock.due_at - row.state_since) * milestone / 100


def reminded(row: Allocation, actor: str) -> Step:
    """The row after a reminder: nothing moves, its history goes on."""
    after = replace(row, last_actor=actor, version=row.version + 1)
    return Step(changed=(after,), added=(), entries=(), stopped=None)
