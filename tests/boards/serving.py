"""A board served on a real socket, in the loop of the test, with a hub that beats fast."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import uvicorn

from crisis import board
from crisis.board import feed
from crisis.board.names import Names
from crisis.board.source import DatabaseSource
from imece_chassis.consumer import Received
from imece_chassis.database import Database, Transaction
from imece_chassis.freshness import store_mark
from imece_chassis.http.app import create_app
from imece_contracts.topics import CRISIS_PROGRESS
from tests.waiting import wait_until

BEAT_SECONDS = 0.3
NAMES = {UUID(int=7): "Örnek Dernek", UUID(int=8): "Dayanışma Vakfı", UUID(int=9): "Yardım Derneği"}


async def apply(database: Database, batch: Sequence[Received]) -> None:
    """What the consumer does with a batch."""

    async def work(tx: Transaction) -> None:
        await feed.handle(tx, batch)

    await database.unit_of_work(work)


async def mark(database: Database, age: timedelta = timedelta(0)) -> None:
    """A progress mark that counts: everything committed until `age` ago has arrived."""

    async def work(tx: Transaction) -> None:
        now = await tx.fetchval("SELECT clock_timestamp()")
        await tx.execute("DELETE FROM progress_marks WHERE consumer = $1", feed.CONSUMER)
        await store_mark(
            tx,
            feed.CONSUMER,
            CRISIS_PROGRESS.name,
            lane=0,
            lanes=1,
            drained_at=now - age,
            log_epoch=1,
            end_offsets_json="{}",
        )

    await database.unit_of_work(work)


async def names(wanted: Iterable[UUID]) -> Mapping[UUID, str]:
    """The names the registry would know."""
    return {each: NAMES[each] for each in wanted if each in NAMES}


class CountingSource(DatabaseSource):
    """Counts how often all heads and how often a whole board is read."""

    loads = 0
    looks = 0

    async def overview(self) -> Any:
        self.looks += 1
        return await super().overview()

    async def load(self, crisis: UUID) -> Any:
        self.loads += 1
        return await super().load(crisis)


@dataclass
class Served:
    """A running board. `stop_hub` ends the hub as a deploy would, `start_hub` begins a new one's work."""

    url: str
    database: Database
    hub: board.Hub
    source: CountingSource
    app: Any
    _stop: asyncio.Event
    _running: "asyncio.Task[None]"

    async def apply(self, *batch: Received) -> None:
        await apply(self.database, batch)

    async def stop_hub(self) -> None:
        self._stop.set()
        await self._running

    def start_hub(self) -> None:
        self._stop = asyncio.Event()
        self._running = asyncio.create_task(self.hub.run(self._stop))

    def address(self, crisis: UUID, rest: str = "") -> str:
        return f"{self.url}/c/{crisis}{rest}"


@asynccontextmanager
async def served(
    database: Database,
    *,
    access: str = "open",
    authenticator: Any = None,
    naming: Names = names,
    **options: Any,
) -> AsyncGenerator[Served]:
    """The board's application on a free port of 127.0.0.1."""
    source = CountingSource(database)
    hub = board.Hub(source, beat_seconds=BEAT_SECONDS, **options)
    app = create_app(
        service="crisis",
        title="board",
        version="0",
        routers=board.routes(hub, access=access, names=naming),
        problems=board.PROBLEMS,
    )
    app.state.access = authenticator
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1)
        server = _Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        stop = asyncio.Event()
        running = asyncio.create_task(hub.run(stop))
        running_board = Served(f"http://127.0.0.1:{port}", database, hub, source, app, stop, running)
        try:
            await wait_until(lambda: server.started)
            yield running_board
        finally:
            await running_board.stop_hub()
            server.should_exit = True
            await serving


class _Server(uvicorn.Server):
    """Leaves signals to pytest."""

    def install_signal_handlers(self) -> None:
        return None

    def capture_signals(self) -> Any:
        from contextlib import nullcontext

        return nullcontext()
