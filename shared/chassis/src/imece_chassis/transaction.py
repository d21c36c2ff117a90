"""What a unit of work may do: statements, and calls that run only after a certain commit."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any


class Restart(Exception):
    """What was read without lock had moved when it was locked: the work runs again from its start."""


class Transaction:
    """One open transaction. Usable only inside the work it was given to."""

    __slots__ = ("_connection", "callbacks", "channels")

    def __init__(self, connection: Any) -> None:
        self._connection: Any = connection
        self.callbacks: list[Callable[[], None]] = []
        self.channels: set[str] = set()

    async def execute(self, query: str, *args: Any) -> str:
        """Run one statement; returns the command tag, for instance "UPDATE 1"."""
        return await self._connection.execute(query, *args)

    async def executemany(self, query: str, args: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each tuple of arguments."""
        await self._connection.executemany(query, args)

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        """All rows (asyncpg.Record)."""
        return await self._connection.fetch(query, *args)

    async def fetchrow(self, query: str, *args: Any) -> Any:
        """The first row (asyncpg.Record), or None."""
        return await self._connection.fetchrow(query, *args)

    async def fetchval(self, query: str, *args: Any) -> Any:
        """The first column of the first row, or None."""
        return await self._connection.fetchval(query, *args)

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call `callback` once the commit is certain; never after a rollback or an unknown outcome."""
        self.callbacks.append(callback)

    def wake_after_commit(self, channel: str) -> None:
        """Send a coalesced NOTIFY on `channel` after the commit; a hint, a listener must poll as well."""
        self.channels.add(channel)

    def finish(self) -> None:
        """Refuse further statements."""
        self._connection = _FINISHED


class _Finished:
    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("the transaction has ended; it may be used only inside its unit of work")


_FINISHED = _Finished()
