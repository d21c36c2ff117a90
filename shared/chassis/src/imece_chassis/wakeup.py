"""At most one NOTIFY per channel and process every few milliseconds, on a connection of its own.

NOTIFY inside a transaction takes a lock across its commit (a third of the commit rate was measured); here it
is only a hint after the commit. Losing one costs the listener's poll interval, never an event.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from imece_chassis.telemetry.logs import log

COALESCE_SECONDS = 0.002
RECONNECT_SECONDS = 1.0

_log = logging.getLogger(__name__)


class Wakeup:
    """Sends coalesced notifications; connects at the first one."""

    def __init__(self, connect: Callable[[], Awaitable[Any]]) -> None:
        self._connect = connect
        self._connection: Any = None
        self._channels: set[str] = set()
        self._task: asyncio.Task[None] | None = None
        self._is_closed = False

    def wake(self, channel: str) -> None:
        """Ask for a NOTIFY on `channel`; returns at once."""
        self._channels.add(channel)
        if self._task is None and not self._is_closed:
            self._task = asyncio.create_task(self._send_all())

    async def close(self) -> None:
        """Send what is still asked for, then end the connection."""
        self._is_closed = True
        if (sending := self._task) is not None:  # it forgets itself when it ends
            await asyncio.wait([sending], timeout=1.0)
            sending.cancel()
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    async def _send_all(self) -> None:
        try:
            while self._channels:
                channels, self._channels = sorted(self._channels), set()
                await self._send(channels)
                await asyncio.sleep(COALESCE_SECONDS)
        finally:
            self._task = None

    async def _send(self, channels: list[str]) -> None:
        try:
            if self._connection is None or self._connection.is_closed():
                self._connection = await self._connect()
                await self._connection.execute("SET synchronous_commit = off")
            await self._connection.execute(
                "SELECT pg_notify(channel, '') FROM unnest($1::text[]) AS channel", channels
            )
        except Exception as error:  # noqa: BLE001 - a hint may fail; the listener polls as well
            log(_log, logging.WARNING, "notify_failed", error=type(error).__name__)
            if self._connection is not None:
                self._connection.terminate()
            self._connection = None
            await asyncio.sleep(0 if self._is_closed else RECONNECT_SECONDS)
