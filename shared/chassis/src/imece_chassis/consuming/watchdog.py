"""Is the group member alive? Records waiting while nothing is read, or a rejoin that never ends, mean it is
not.

The client library is known to hang after a broker restart; only a new member helps then.
"""

import time
from typing import Any

from imece_chassis.consuming.leaving import is_joining

STUCK_SECONDS = 60.0


class Watchdog:
    """Looked at once a second, told about every batch."""

    def __init__(self) -> None:
        now = time.monotonic()
        self._moved_at = now
        self._joined_at = now
        self._is_busy = False
        self.newest_ms = 0  # broker time of the newest record applied

    def batch_started(self) -> None:
        """A batch is being applied; waiting for the database inside it is not being stuck."""
        self._is_busy = True

    def batch_ended(self) -> None:
        """The batch is done."""
        self._is_busy = False
        self._moved_at = time.monotonic()

    async def look(self, client: Any) -> tuple[float, str | None]:
        """(lag in seconds, why the member must be replaced or None)."""
        now = time.monotonic()
        behind = False
        for place in client.assignment():
            end = client.highwater(place)
            if end is not None and end > await client.position(place):
                behind = True
        if not behind or self._is_busy:
            self._moved_at = now if not behind else self._moved_at
        lag = max(0.0, time.time() - self.newest_ms / 1000) if behind and self.newest_ms else 0.0
        if not is_joining(client):
            self._joined_at = now
        if self._is_busy:
            return lag, None
        if behind and now - self._moved_at > STUCK_SECONDS:
            return lag, "stuck"
        if now - self._joined_at > STUCK_SECONDS:
            return lag, "rejoining"
        return lag, None
