"""LISTEN on a session of its own, opened again when it breaks. A hint only: whoever listens polls, too."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any

from imece_chassis.backoff import jittered, pause
from imece_chassis.database import Database, DatabaseUnavailable
from imece_chassis.sessions import CONNECT_ERRORS
from imece_chassis.telemetry.logs import log

RETRY_SECONDS = 1.0

_log = logging.getLogger(__name__)


class Listener:
    """Calls `wake` for every notification on `channel`, and once after each start of listening."""

    name = "listener"

    def __init__(
        self,
        database: Database,
        channel: str,
        wake: Callable[[], None],
        *,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        self._database = database
        self._channel = channel
        self._wake = wake
        self._retry_seconds = retry_seconds

    async def run(self, stop: asyncio.Event) -> None:
        """Listen until `stop` or cancellation."""
        while not stop.is_set():
            session: Any = None
            try:
                session = await self._database.dedicated()
                lost = asyncio.Event()
                session.add_termination_listener(_setter(lost))
                await session.add_listener(self._channel, self._heard)
                self._wake()  # something may have happened while nobody listened
                await _first(lost, stop)
            except (*CONNECT_ERRORS, DatabaseUnavailable) as error:
                log(
                    _log, logging.WARNING, "listener_lost",
                    channel=self._channel, error=type(error).__name__,
                )  # fmt: skip
            finally:
                if session is not None:
                    session.terminate()
            await pause(stop, jittered(self._retry_seconds))

    def _heard(self, *_details: object) -> None:
        self._wake()


def _setter(event: asyncio.Event) -> Callable[[Any], None]:
    def ended(_session: Any) -> None:
        event.set()

    return ended


async def _first(*events: asyncio.Event) -> None:
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
