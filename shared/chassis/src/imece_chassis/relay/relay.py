"""The role `relay`: tries to lead every lane, and passes notifications on to the lanes it leads."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from imece_chassis.database import Database, DatabaseUnavailable
from imece_chassis.janitor import Janitor
from imece_chassis.outbox import CHANNEL, SLOTS
from imece_chassis.producer import Compression
from imece_chassis.relay.lane import Lane
from imece_chassis.sessions import CONNECT_ERRORS
from imece_chassis.telemetry.logs import log
from imece_contracts.topics import Topic

LISTENER_RETRY_SECONDS = 1.0

_log = logging.getLogger(__name__)


class Relay:
    """Runs `lanes` lanes; with several processes each lane has one leader, the others wait for its lock."""

    name = "relay"

    def __init__(
        self,
        database: Database,
        bootstrap: str,
        progress_topic: Topic,
        *,
        lanes: int = 1,
        compression: Compression = None,
    ) -> None:
        if SLOTS % lanes:
            raise ValueError(f"lanes must divide {SLOTS}, not {lanes}")
        self._database = database
        self._wakes = [asyncio.Event() for _ in range(lanes)]
        self._lanes = [
            Lane(database, bootstrap, progress_topic, number, lanes, wake, compression)
            for number, wake in enumerate(self._wakes)
        ]

    async def run(self, stop: asyncio.Event) -> None:
        """Relay until `stop`; raises only on a defect."""
        listener = asyncio.create_task(self._listen(stop))
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(Janitor(self._database).run(stop))
                for lane in self._lanes:
                    group.create_task(lane.run(stop))
        finally:
            listener.cancel()
            await asyncio.wait({listener})

    def _wake_all(self, *_: Any) -> None:
        for wake in self._wakes:
            wake.set()

    async def _listen(self, stop: asyncio.Event) -> None:
        """Notifications are hints: while this session is away the lanes' own poll finds the rows."""
        while not stop.is_set():
            session: Any = None
            try:
                session = await self._database.dedicated()
                lost = asyncio.Event()
                session.add_termination_listener(_setter(lost))
                await session.add_listener(CHANNEL, self._wake_all)
                self._wake_all()
                await lost.wait()
            except (*CONNECT_ERRORS, DatabaseUnavailable) as error:
                log(_log, logging.WARNING, "relay_listener_lost", error=type(error).__name__)
            finally:
                if session is not None:
                    session.terminate()
            await asyncio.sleep(LISTENER_RETRY_SECONDS)


def _setter(event: asyncio.Event) -> Callable[[Any], None]:
    def call(_session: Any) -> None:
        event.set()

    return call
