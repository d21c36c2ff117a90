"""Where a waiting row stands in its queue, as read: computed from facts, never stored."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crisis.domain.allocations import Allocation
from crisis.domain.lines import Line
from crisis.domain.queue import Place, Standing, place_of
from crisis.domain.states import State
from crisis.store import waiting
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class Queued:
    """A place, and why the row was not called the last time there was room."""

    place: Place
    passed_over: str | None = None


async def queue_place(tx: Transaction, row: Allocation, line: Line, now: datetime) -> Queued | None:
    """The row's place; None when it does not wait for its turn."""
    if row.state is not State.WAITLISTED:
        return None
    mine = await waiting.one(tx, line, row.allocation_id, now)
    if mine is None:
        return None
    place = await _place(tx, line, mine.standing, (mine.waitlisted_at, mine.allocation_id), now)
    return Queued(place, await waiting.passed_over(tx, row.allocation_id))


async def _place(
    tx: Transaction, line: Line, mine: Standing, since: tuple[datetime, UUID], now: datetime
) -> Place:
    return place_of(mine, await waiting.groups(tx, line, *since, now))
