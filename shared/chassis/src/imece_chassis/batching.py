"""Group commit: commands that arrive together share one execution, and each gets its own result.

The first command of an idle batcher leaves at once; what arrives while executions are in flight leaves
together. The execution belongs to the batcher, so a caller that disconnects cancels nothing.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar, Generic, TypeVar

from prometheus_client import Histogram

C = TypeVar("C")
R = TypeVar("R")

_size = Histogram("batch_items", "Commands executed together", buckets=(1, 2, 4, 8, 16, 32, 64, 128))


class Overloaded(Exception):
    """The service has more work than it can take; try again in a moment."""

    status = 503
    code = "overloaded"
    tr = "Hizmet şu anda dolu; biraz sonra yeniden deneyin"
    cause_en = (
        "More commands wait than can be done in time; this one was turned away before anything was stored."
    )
    cause_tr = (
        "Zamanında yapılabilecekten çok komut bekliyor; bu komut hiçbir şey kaydedilmeden geri çevrildi."
    )
    retry_after = 1
    facts: ClassVar[dict[str, str]] = {}


class Batcher(Generic[C, R]):
    """Gathers commands for `execute`, which returns one result or one exception for each, in order.

    At most `max_items` leave together, at most `max_in_flight` executions run at once, at most `max_waiting`
    commands wait. If `execute` itself raises, every command of that execution gets its exception.
    """

    def __init__(
        self,
        execute: Callable[[Sequence[C]], Awaitable[Sequence[R | Exception]]],
        max_items: int = 64,
        max_in_flight: int = 2,
        max_waiting: int = 2048,
    ) -> None:
        self._execute = execute
        self._max_items = max_items
        self._max_in_flight = max_in_flight
        self._max_waiting = max_waiting
        self._waiting: deque[tuple[C, asyncio.Future[R]]] = deque()
        self._running: set[asyncio.Task[None]] = set()
        self._is_flush_due = False

    async def submit(self, c: C) -> R:
        """The result of `c`, or its exception. Raises Overloaded when too many wait already."""
        if len(self._waiting) >= self._max_waiting:
            raise Overloaded(str(len(self._waiting)))
        loop = asyncio.get_running_loop()
        result: asyncio.Future[R] = loop.create_future()
        self._waiting.append((c, result))
        if not self._is_flush_due and len(self._running) < self._max_in_flight:
            # One turn of the loop later: what other tasks submit in this turn comes along, at no cost in
            # time.
            self._is_flush_due = True
            loop.call_soon(self._flush)
        return await result

    async def close(self) -> None:
        """Wait for everything submitted so far."""
        while self._running or self._waiting:
            self._flush()
            if self._running:
                await asyncio.wait(self._running)

    def _flush(self) -> None:
        self._is_flush_due = False
        while self._waiting and len(self._running) < self._max_in_flight:
            take = min(self._max_items, len(self._waiting))
            items = [self._waiting.popleft() for _ in range(take)]
            task = asyncio.create_task(self._run(items))
            self._running.add(task)
            task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if self._waiting:
            self._flush()

    async def _run(self, items: list[tuple[C, "asyncio.Future[R]"]]) -> None:
        _size.observe(len(items))
        try:
            results: Sequence[R | Exception] = await self._execute([command for command, _ in items])
            if len(results) != len(items):
                raise RuntimeError(f"{len(items)} commands, {len(results)} results")
        except Exception as error:  # noqa: BLE001 - each caller gets it
            results = [error] * len(items)
        except BaseException:
            for _, future in items:
                future.cancel()
            raise
        for (_, future), result in zip(items, results, strict=True):
            if future.done():
                continue  # its caller went away
            if isinstance(result, Exception):
                future.set_exception(result)
                future.exception()  # a caller that goes away now leaves no "never retrieved" warning
            else:
                future.set_result(result)
