"""Steps on allocations that came together, all accepts or all withdrawals: one transaction, one outcome each.

See `accept_allocation` and `withdraw_allocation`.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from crisis.usecases.allocation_step import Moved
from crisis.usecases.asked import Asked, OnAllocation
from crisis.usecases.batch import Batch, Outcome, refused
from crisis.usecases.tools import Tools
from imece_chassis import idempotency
from imece_chassis.answers import Answer
from imece_chassis.database import Database
from imece_chassis.together import Together

C = TypeVar("C", bound=OnAllocation)
Each = Callable[[Together, Sequence[Asked[C]], Tools], Awaitable[Sequence[Moved | Exception]]]


@dataclass(frozen=True, slots=True)
class KeyedMove(Generic[C]):
    """One command with its key. `refusal` turns an expected error into the answer to store."""

    asked: Asked[C]
    key: idempotency.Request
    refusal: Callable[[Exception], Answer | None]


class MovesTogether(Generic[C]):
    """A use case that takes many at once, to be called with a batch: by the route through group commit."""

    def __init__(
        self,
        database: Database,
        each: Each[C],
        tools: Tools,
        render: Callable[[Moved], Answer],
        *,
        unkept: tuple[type[Exception], ...] = (),
    ) -> None:
        """Refusals that are `unkept` are exceptions of their command, and its key stays free."""
        self._batch = Batch(database, self._decide_and_write)
        self._each = each
        self._tools = tools
        self._render = render
        self._unkept = unkept

    async def __call__(self, commands: Sequence[KeyedMove[C]]) -> list[Outcome | Exception]:
        """One outcome per command, in order; see `Batch`."""
        return await self._batch(commands)

    async def _decide_and_write(
        self, tx: Together, commands: Sequence[KeyedMove[C]]
    ) -> list[Outcome | Exception]:
        done = await self._each(tx, [command.asked for command in commands], self._tools)
        return [self._outcome(command, each) for command, each in zip(commands, done, strict=True)]

    def _outcome(self, command: KeyedMove[C], done: Moved | Exception) -> Outcome | Exception:
        if isinstance(done, Moved):
            return Outcome(self._render(done))
        return done if isinstance(done, self._unkept) else refused(command, done)
