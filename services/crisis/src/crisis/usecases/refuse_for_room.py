"""RefuseForRoom: an accept refused for want of room hears the gap and the row's place on the waiting list.

The refusing transaction has ended: nothing but the keys is locked while queues are read. Refusals that come
together read the queue of a line once, whatever their number, and are stored with their keys.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crisis.domain.queue import as_fact
from crisis.domain.refusals import GapExceeded
from crisis.store import allocations, lines
from crisis.usecases.batch import Batch, Outcome, refused
from crisis.usecases.queue_place import places_if_waiting, queue_place
from crisis.usecases.tools import Tools
from imece_chassis import idempotency
from imece_chassis.answers import Answer
from imece_chassis.database import Database, Transaction
from imece_chassis.together import Together


@dataclass(frozen=True, slots=True)
class Refused:
    """An accept that found no room, with its key. `refusal` turns what is told into the answer to store."""

    allocation_id: UUID
    found: GapExceeded
    key: idempotency.Request
    refusal: Callable[[Exception], Answer | None]


class RefuseForRoom:
    """The use case, to be called with a batch: by the route through group commit."""

    def __init__(self, database: Database, tools: Tools) -> None:
        self._batch = Batch(database, self.tell)
        self._tools = tools

    async def __call__(self, commands: Sequence[Refused]) -> list[Outcome | Exception]:
        """One outcome per refusal, in order; the answer of the key where another request was quicker."""
        return await self._batch(commands)

    async def tell(self, tx: Together, commands: Sequence[Refused]) -> list[Outcome | Exception]:
        """What is answered to each, read in this transaction without a lock."""
        places = await self._places(tx, sorted({command.allocation_id for command in commands}))
        return [
            refused(command, command.found.with_place(places[command.allocation_id])) for command in commands
        ]

    async def _places(self, tx: Transaction, row_ids: Sequence[UUID]) -> dict[UUID, Mapping[str, Any]]:
        now = self._tools.clock.now()
        rows = await allocations.known(tx, row_ids)
        facts = await lines.read(tx, sorted({row.need_line_id for row in rows.values()}))
        told: dict[UUID, Mapping[str, Any]] = {}
        for row in rows.values():
            queued = await queue_place(tx, row, facts[row.need_line_id], now)
            if queued is not None:
                told[row.allocation_id] = as_fact(queued.place, is_waiting=True)
        others = {row: facts[rows[row].need_line_id] for row in rows.keys() - told.keys()}
        places = await places_if_waiting(tx, others, now) if others else {}
        return told | {row: as_fact(place, is_waiting=False) for row, place in places.items()}
