"""AcceptAllocations: many accepts, one transaction, one outcome each. See `accept_allocation`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crisis.domain.refusals import GapExceeded
from crisis.usecases.accept_allocation import Asked, accept_each
from crisis.usecases.allocation_step import Moved
from crisis.usecases.batch import Batch, Outcome, refused
from crisis.usecases.tools import Tools
from imece_chassis import idempotency
from imece_chassis.answers import Answer
from imece_chassis.database import Database
from imece_chassis.together import Together


@dataclass(frozen=True, slots=True)
class KeyedAccept:
    """One accept with its key. `refusal` turns an expected error into the answer to store."""

    asked: Asked
    key: idempotency.Request
    refusal: Callable[[Exception], Answer | None]


class AcceptAllocations:
    """The use case, to be called with a batch: by the route through group commit."""

    def __init__(self, database: Database, tools: Tools, render: Callable[[Moved], Answer]) -> None:
        self._batch = Batch(database, self._decide_and_write)
        self._tools = tools
        self._render = render

    async def __call__(self, commands: Sequence[KeyedAccept]) -> list[Outcome | Exception]:
        """One outcome per command, in order; see `Batch`.

        GapExceeded is an exception of its command, its key left free: `refuse_for_room` tells and keeps it.
        """
        return await self._batch(commands)

    async def _decide_and_write(
        self, tx: Together, commands: Sequence[KeyedAccept]
    ) -> list[Outcome | Exception]:
        done = await accept_each(tx, [command.asked for command in commands], self._tools)
        return [self._outcome(command, each) for command, each in zip(commands, done, strict=True)]

    def _outcome(self, command: KeyedAccept, done: Moved | Exception) -> Outcome | Exception:
        if isinstance(done, Moved):
            return Outcome(self._render(done))
        return done if isinstance(done, GapExceeded) else refused(command, done)
