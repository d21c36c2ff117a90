"""How many promises a second are made, taken by the desk and taken back: three commands in a row."""

import asyncio
import itertools
import json
import time
from collections import Counter

from tests.bench.figures import Figure, percentile
from tests.bench.ground import Ground
from tests.bench.wire import Connection

CONNECTIONS = 16
TARGET = 100
"""Three hundred organisations, each making and unmaking a promise every three seconds."""


class Cycles:
    """Promises that went round, with the seconds each took; `refused` counts those that did not."""

    def __init__(self, ground: Ground) -> None:
        self.took: list[float] = []
        self.refused: Counter[int] = Counter()
        self._ground = ground
        self._lines = itertools.cycle(ground.scenario.line_ids)
        self._givers = itertools.cycle(ground.scenario.pledgers)

    async def run(self, connections: list[Connection], seconds: float) -> float:
        """Every connection makes its next promise when its last one is taken back; seconds it took."""
        began = time.perf_counter()
        until = began + seconds
        await asyncio.gather(*(self._work(connection, until) for connection in connections))
        return time.perf_counter() - began

    async def _work(self, connection: Connection, until: float) -> None:
        while (started := time.perf_counter()) < until:
            if await self._once(connection):
                self.took.append(time.perf_counter() - started)

    async def _once(self, connection: Connection) -> bool:
        key = next(self._givers).key
        status, body = await connection.request(self._ground.pledge(next(self._lines), key))
        if status != 201:
            self.refused[status] += 1
            return False
        promise = json.loads(body)["allocation_id"]
        for request in (self._ground.accept(promise), self._ground.withdraw(promise, key)):
            status, _ = await connection.request(request)
            if status != 200:
                self.refused[status] += 1
                return False
        return True


async def cycles(ground: Ground) -> None:
    """A warm second, then the measure, with what each part of the system spent on one round."""
    async with ground.connections(CONNECTIONS) as opened:
        connections = list(opened)
        await Cycles(ground).run(connections, 1.0)
        await ground.settled()
        before = ground.cpu()
        done = Cycles(ground)
        seconds = await done.run(connections, ground.seconds(15.0, 4.0))
        await ground.settled()
    cost = Counter({name: spent - before.get(name, 0.0) for name, spent in ground.cpu().items()})
    count = len(done.took)
    parts = ", ".join(f"{name} {spent / count * 1000:.2f}" for name, spent in cost.most_common() if spent)
    p99 = percentile(done.took, 0.99) * 1000
    add = ground.report.add
    add(
        Figure(
            "propose → held → withdraw",
            count / seconds,
            "cycles/s",
            f">= {TARGET}",
            f"{CONNECTIONS} connections, p99 {p99:.0f} ms",
        )
    )
    add(Figure("processor time per cycle", cost.total() / count * 1000, "cpu ms", note=parts))
    add(Figure("cycles that did not go round", done.refused.total(), "", "<= 0"))
