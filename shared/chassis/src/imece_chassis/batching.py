"""Group commit: concurrent commands share one transaction, each gets its own result."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

C = TypeVar("C")
R = TypeVar("R")


class Overloaded(Exception):
    """The service has more work than it can take; try again in a moment."""

    status = 503
    code = "overloaded"
    tr = "Hizmet şu anda dolu; biraz sonra yeniden deneyin"
    retry_after = 1
    facts: dict[str, str] = {}


class Batcher(Generic[C, R]):
    def __init__(
        self,
        execute: Callable[[Sequence[C]], Awaitable[Sequence[R | Exception]]],
        max_items: int = 64,
        max_in_flight: int = 2,
        max_waiting: int = 2048,
    ) -> None:
        raise NotImplementedError

    async def submit(self, c: C) -> R:
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError
