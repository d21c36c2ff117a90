"""Load as the world makes it: a closed loop asks what a system can take, an open loop what its callers feel.

In an open loop every request has the moment it should have been sent; its latency counts from there, whether
or not a connection was free, so a stall is felt by everybody it delayed.
"""

import asyncio
import json
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from tests.bench.figures import percentile
from tests.bench.wire import Connection

Requests = Callable[[], bytes]
GONE = -1
"""Counted as the status of a request whose connection broke."""

BULK = 207


@dataclass
class Outcome:
    """What became of the requests of one loop; latencies in seconds. A bulk counts once for each line."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter[int])
    latencies: list[float] = field(default_factory=list[float])
    good: int = 201
    """The status that counts: 201 for a pledge, 200 for a step of one."""

    @property
    def accepted(self) -> int:
        """Commands that were done."""
        return self.statuses[self.good]

    @property
    def per_second(self) -> float:
        """Commands done per second."""
        return self.accepted / self.seconds

    @property
    def errors(self) -> int:
        """Commands answered with anything else."""
        return self.statuses.total() - self.accepted

    def milliseconds(self, share: float) -> float:
        """A percentile of the latencies."""
        return percentile(self.latencies, share) * 1000


async def closed_loop(connections: Sequence[Connection], requests: Requests, *, seconds: float) -> Outcome:
    """Every connection sends its next request when the last one was answered."""
    outcome = Outcome()
    started = time.perf_counter()
    deadline = started + seconds

    async def work(connection: Connection) -> None:
        while (sent := time.perf_counter()) < deadline:
            outcome.statuses.update(await _statuses(connection, requests()))
            outcome.latencies.append(time.perf_counter() - sent)

    await asyncio.gather(*(work(connection) for connection in connections))
    outcome.seconds = time.perf_counter() - started
    return outcome


async def all_of(connections: Sequence[Connection], requests: Iterable[bytes], *, good: int = 201) -> Outcome:
    """Every connection sends the next of these when its last one was answered, until none is left."""
    outcome = Outcome(good=good)
    left = iter(requests)
    started = time.perf_counter()

    async def work(connection: Connection) -> None:
        for request in left:
            sent = time.perf_counter()
            outcome.statuses.update(await _statuses(connection, request))
            outcome.latencies.append(time.perf_counter() - sent)

    await asyncio.gather(*(work(connection) for connection in connections))
    outcome.seconds = time.perf_counter() - started
    return outcome


async def open_loop(
    connections: Sequence[Connection], requests: Requests, *, per_second: float, seconds: float
) -> Outcome:
    """Requests are due at fixed moments, whatever became of those before."""
    outcome = Outcome()
    free = deque(connections)
    due: deque[float] = deque()
    busy: set[asyncio.Task[None]] = set()

    async def serve(connection: Connection) -> None:
        while due:
            intended = due.popleft()
            outcome.statuses.update(await _statuses(connection, requests()))
            outcome.latencies.append(time.perf_counter() - intended)
        free.append(connection)

    started = time.perf_counter()
    for number in range(int(per_second * seconds)):
        intended = started + number / per_second
        while (early := intended - time.perf_counter()) > 0:  # noqa: ASYNC110 - the clock is the condition
            await asyncio.sleep(early)
        due.append(intended)
        if free:
            task = asyncio.create_task(serve(free.pop()))
            busy.add(task)
            task.add_done_callback(busy.discard)
    while busy:
        await asyncio.wait(set(busy))
    outcome.seconds = time.perf_counter() - started
    return outcome


async def _statuses(connection: Connection, request: bytes) -> list[int]:
    try:
        status, body = await connection.request(request)
    except OSError:
        return [GONE]
    if status != BULK:
        return [status]
    return [result["status"] for result in json.loads(body)["results"]]
