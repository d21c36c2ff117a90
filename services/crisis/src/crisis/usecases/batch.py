"""Commands that came together share a transaction; each has a key, an outcome and refusals of its own."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from crisis.store.patience import wait_briefly
from imece_chassis import idempotency
from imece_chassis.answers import Answer
from imece_chassis.database import Database, Transaction
from imece_chassis.together import Together


class Keyed(Protocol):
    """A command with the key it is done once for.

    `refusal` turns an expected error into the answer to store, None for an unexpected one.
    """

    @property
    def key(self) -> idempotency.Request: ...
    @property
    def refusal(self) -> Callable[[Exception], Answer | None]: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to send: the answer, and whether an earlier request already got it."""

    answer: Answer
    is_replayed: bool = False


C = TypeVar("C", bound=Keyed)
Decide = Callable[[Together, Sequence[C]], Awaitable[Sequence[Outcome | Exception]]]


class Batch(Generic[C]):
    """Claims the keys, lets `decide_and_write` treat the fresh commands, and keeps their answers with them.

    It gives one outcome per command, in order; what it leaves for later in the Together is written after it.
    """

    def __init__(self, database: Database, decide_and_write: Decide[C]) -> None:
        self._database = database
        self._decide_and_write = decide_and_write

    async def __call__(self, commands: Sequence[C]) -> list[Outcome | Exception]:
        """One outcome per command, in order: an Outcome, or the exception to raise for that command alone.

        Raises DatabaseUnavailable or OutcomeUnknown for the whole batch. If a batch fails for an unexpected
        reason its commands are tried one by one, so a defect met by one is answered to one. So they
        are when somebody kept a lock too long, each with little patience: only those who need it are told
        "not now", and those who came after the batch need not wait for all of them.
        """
        try:
            return await self._together(commands)
        except Exception as error:
            is_held_up = getattr(error, "is_held_up", False)
            if len(commands) == 1 or (getattr(error, "status", None) == 503 and not is_held_up):
                raise
        alone: list[Outcome | Exception] = []
        for command in commands:
            try:
                alone += await self._together([command], is_patient=not is_held_up)
            except Exception as error:  # noqa: BLE001 - becomes this command's own outcome
                alone.append(error)
        return alone

    async def _together(self, commands: Sequence[C], *, is_patient: bool = True) -> list[Outcome | Exception]:
        async def work(tx: Transaction) -> list[Outcome | Exception]:
            if not is_patient:
                await wait_briefly(tx)
            claims = await idempotency.claim_many(tx, [command.key for command in commands])
            outcomes = [_settled(claim) for claim in claims]
            fresh = [at for at, outcome in enumerate(outcomes) if outcome is None]
            together = Together(tx)
            decided = await self._decide_and_write(together, [commands[at] for at in fresh]) if fresh else ()
            for at, outcome in zip(fresh, decided, strict=True):
                outcomes[at] = outcome
            await idempotency.remember_many(
                together,
                [
                    (commands[at].key, outcome.answer)
                    for at in fresh
                    if isinstance(outcome := outcomes[at], Outcome)
                ],
            )
            await together.run()
            return [outcome for outcome in outcomes if outcome is not None]

        return await self._database.unit_of_work(work)


def refused(command: Keyed, refusal: Exception) -> Outcome | Exception:
    """A refusal to be remembered, or the exception itself when it is no outcome of the command."""
    answer = command.refusal(refusal)
    if answer is None or not idempotency.is_outcome(answer.status):
        return refusal
    return Outcome(answer)


def _settled(claim: idempotency.Claim) -> Outcome | Exception | None:
    """The outcome of a key that needs no work; None for a fresh one."""
    match claim:
        case idempotency.Replay(answer):
            return Outcome(answer, is_replayed=True)
        case idempotency.Running():
            return idempotency.StillRunning()
        case idempotency.Reused():
            return idempotency.KeyReused()
        case idempotency.Fresh():
            return None
