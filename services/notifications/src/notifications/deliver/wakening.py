"""Being woken by new work: LISTEN on a session of its own, opened again when it breaks. A hint only."""

import asyncio
from collections.abc import Callable

from imece_chassis.database import Database, DatabaseUnavailable

RECONNECT_SECONDS = 1.0


class Wakening:
    """Calls `wake` for every notification on `channel`."""

    def __init__(self, database: Database, channel: str, wake: Callable[[], None]) -> None:
        self._database = database
        self._channel = channel
        self._wake = wake

    async def run(self, stop: asyncio.Event) -> None:
        """Listen until `stop` or cancellation."""
        while not stop.is_set():
            try:
                connection = await self._database.dedicated()
            except DatabaseUnavailable:
                await asyncio.sleep(RECONNECT_SECONDS)
                continue
            lost = asyncio.Event()
            try:
                connection.add_termination_listener(_setter(lost))
                await connection.add_listener(self._channel, self._heard)
                self._wake()  # something may have become due while nobody listened
                await lost.wait()
            except OSError:
                await asyncio.sleep(RECONNECT_SECONDS)
            finally:
                connection.terminate()

    def _heard(self, *_details: object) -> None:
        self._wake()


def _setter(event: asyncio.Event) -> Callable[..., None]:
    def ended(*_connection: object) -> None:
        event.set()

    return ended
