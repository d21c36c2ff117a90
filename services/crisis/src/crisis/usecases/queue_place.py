"""Where a waiting row stands in its queue, as read: computed from facts, never stored."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crisis.domain.allocations import Allocation
from crisis.domain.fitness import NO_RECORD, fitness
from crisis.domain.lines import Line
from crisis.domain.pledges import Pledge
from crisis.domain.queue import Alike, Place, Standing, place_of
from crisis.domain.states import State
from crisis.store import waiting
from imece_chassis.database import Transaction

_LAST = UUID(int=2**128 - 1)


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


async def places_if_waiting(tx: Transaction, rows: Mapping[UUID, Line], now: datetime) -> dict[UUID, Place]:
    """The place each row would have behind those that wait for its line; each queue is read once."""
    standings = await waiting.if_waiting(tx, rows, now)
    queues = {
        line.need_line_id: await waiting.groups(tx, line, now, _LAST, now)
        for line in {line.need_line_id: line for line in rows.values()}.values()
    }
    return {
        row: place_of(mine, [*queues[rows[row].need_line_id], Alike(mine, rows=1, longer=0)])
        for row, mine in standings.items()
    }


class NewPlaces:
    """Places of pledges that begin to wait in one transaction, before they are written.

    The records of all its `pledgers` are read once, when the first of them waits.
    """

    def __init__(self, now: datetime, pledgers: Collection[UUID]) -> None:
        self._now = now
        self._pledgers = pledgers
        self._records: dict[bool, waiting.Records] = {}
        self._queues: dict[UUID, list[Alike]] = {}

    async def of(self, tx: Transaction, pledge: Pledge, line: Line) -> Queued | None:
        """The place of a decided pledge behind those before it; None when it does not wait."""
        row = pledge.row
        if row.state is not State.WAITLISTED:
            return None
        queue = self._queues.get(line.need_line_id)
        if queue is None:
            queue = await waiting.groups(tx, line, self._now, _LAST, self._now)
            self._queues[line.need_line_id] = queue
        if row.is_drill not in self._records:
            found = await waiting.records(tx, self._pledgers, self._now, is_drill=row.is_drill)
            self._records[row.is_drill] = found
        record = self._records[row.is_drill].get(row.pledger_org_id, NO_RECORD)
        ready = pledge.supply.ready_within_minutes
        mine = Standing(fitness(pledge.offer.origin, line.district, ready, record))
        place = place_of(mine, [*queue, Alike(mine, rows=1, longer=0)])
        queue.append(Alike(mine, rows=1, longer=1))
        return Queued(place)


async def _place(
    tx: Transaction, line: Line, mine: Standing, since: tuple[datetime, UUID], now: datetime
) -> Place:
    return place_of(mine, await waiting.groups(tx, line, *since, now))
