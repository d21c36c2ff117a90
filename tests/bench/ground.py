"""What every part stands on: a whole system, a crisis with open lines, and requests that pledge for them."""

import itertools
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bench import procfs
from tests.bench.figures import Report
from tests.bench.load import Requests
from tests.bench.wire import Connection, pool, post
from tests.faults.harness import System
from tests.faults.scenario import ORIGIN, UNIT, Scenario, prepare
from tests.waiting import wait_until

NEEDS, LINES_EACH = 8, 8
QUANTITY = "100000000"
"""Nobody's pledge is refused for want of room."""

NDJSON = "application/x-ndjson"
BEHIND = "SELECT count(*) FROM outbox WHERE published_at IS NULL"
LINES_TOPIC = "crisis.lines.v1"
# Lines whose card on the board is not the newest one.
STALE_CARDS = """
SELECT count(*) FROM need_line_balances AS balance
JOIN board.board_card AS card ON card.line_id = balance.need_line_id
WHERE card.sequence < balance.version
"""


class Ground:
    """A prepared system. `report` takes figures, `say` a line for whoever watches."""

    def __init__(self, system: System, scenario: Scenario, report: Report, is_quick: bool) -> None:
        self.system, self.scenario, self.report, self.is_quick = system, scenario, report, is_quick
        self._keys = itertools.count()
        self._run = f"{time.time_ns():x}"

    @property
    def port(self) -> int:
        """Port of the crisis API."""
        return int(self.system.url("crisis").rpartition(":")[2])

    @property
    def board(self) -> str:
        """Path of the board's stream."""
        return f"/c/{self.scenario.crisis_id}/board/stream"

    def seconds(self, whole: float, quick: float) -> float:
        """How long to measure."""
        return quick if self.is_quick else whole

    @asynccontextmanager
    async def connections(self, size: int) -> AsyncIterator[Sequence[Connection]]:
        """Open keep-alive connections to the crisis API."""
        opened = await pool("127.0.0.1", self.port, size)
        try:
            yield opened
        finally:
            for connection in opened:
                connection.close()

    def pledges(self, lines: int | None = None) -> Requests:
        """Requests for one tent each, over this many lines (all of them without a number) in turn."""
        turns = itertools.cycle(self.scenario.line_ids[:lines])
        givers = itertools.cycle(self.scenario.pledgers)
        path = self._path()
        bodies = {line: json.dumps(_pledge(line)).encode() for line in self.scenario.line_ids}
        return lambda: post(path, next(givers).key, bodies[next(turns)], self._key())

    def bulks(self, size: int, lines: int | None = None) -> Requests:
        """Requests with `size` pledges each, over this many lines."""
        turns = itertools.cycle(self.scenario.line_ids[:lines])
        givers = itertools.cycle(self.scenario.pledgers)
        path = self._path()

        def bulk() -> bytes:
            rows = [{**_pledge(next(turns)), "idempotency_key": self._key()} for _ in range(size)]
            body = "\n".join(json.dumps(row) for row in rows).encode()
            return post(path, next(givers).key, body, self._key(), NDJSON)

        return bulk

    def pledge(self, line: str, key: str) -> bytes:
        """A request for one tent by the holder of a key."""
        return post(self._path(), key, json.dumps(_pledge(line)).encode(), self._key())

    def accept(self, allocation_id: str) -> bytes:
        """A request of the secretariat that takes a proposal."""
        path = f"/allocations/{allocation_id}/accept"
        return post(path, self.scenario.secretariat.key, b"{}", self._key())

    def withdraw(self, allocation_id: str, key: str) -> bytes:
        """A request of a pledger that takes its promise back."""
        body = b'{"reason":"transport_lost"}'
        return post(f"/allocations/{allocation_id}/withdraw", key, body, self._key())

    async def settled(self, timeout: float = 90.0) -> None:
        """Wait until everything accepted so far is published and on the board."""
        async with self.system.checker("crisis") as connection:

            async def is_settled() -> bool:
                return not await connection.fetchval(BEHIND) and not await connection.fetchval(STALE_CARDS)

            await wait_until(is_settled, timeout, 0.05, "the board has caught up")

    def pids(self) -> dict[str, int]:
        """Every process of the system by name."""
        services = {name: process.pid for name, process in self.system.processes.items() if process.is_alive}
        return services | {"postgres": self.system.postgres.pid, "kafka": self.system.kafka.pid}

    def cpu(self) -> dict[str, float]:
        """Processor seconds of every part so far, and of this load generator."""
        import os

        spent = {name: procfs.cpu_seconds([pid]) for name, pid in self.pids().items()}
        return spent | {"load": sum(os.times()[:2])}

    def _path(self) -> str:
        return f"/crises/{self.scenario.crisis_id}/pledges"

    def _key(self) -> str:
        return f"bench-{self._run}-{next(self._keys)}"


def _pledge(line: str) -> dict[str, str]:
    return {"need_line_id": line, "quantity": "1", "unit": UNIT, "origin": ORIGIN}


@asynccontextmanager
async def ground(
    folder: Path, report: Report, is_quick: bool, say: Callable[[str], None]
) -> AsyncIterator[Ground]:
    """Start the system in `folder` and prepare it; everything has ended afterwards."""
    async with System(folder) as system:
        say("registering organisations, opening a crisis and its needs")
        scenario = await prepare(system, needs=NEEDS, lines=LINES_EACH, quantity=QUANTITY)
        made = Ground(system, scenario, report, is_quick)
        await made.settled()
        yield made
