"""Statements that do not depend on each other travel as one: one round trip instead of one each.

A batch of commands writes to nine tables; the trips between cost more time than the rows.
"""

import re
from functools import lru_cache
from typing import Any

from imece_chassis.transaction import Transaction

_PARAMETER = re.compile(r"\$(\d+)")


class Together(Transaction):
    """Stands in for its transaction: `execute` waits for `run`, everything else happens at once.

    For INSERT, UPDATE and DELETE without a WITH of their own. None sees what another one writes, their order
    is open, and their command tags are not known.
    """

    __slots__ = ("_arguments", "_queries", "_tx")

    def __init__(self, tx: Transaction) -> None:
        super().__init__(None)
        self._tx = tx
        self.callbacks, self.channels = tx.callbacks, tx.channels
        self._queries: list[str] = []
        self._arguments: list[Any] = []

    async def execute(self, query: str, *args: Any) -> str:
        """Keep the statement for `run`; the tag is empty."""
        self._queries.append(query)
        self._arguments += args
        return ""

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        """All rows, now."""
        return await self._tx.fetch(query, *args)

    async def fetchrow(self, query: str, *args: Any) -> Any:
        """The first row, now."""
        return await self._tx.fetchrow(query, *args)

    async def fetchval(self, query: str, *args: Any) -> Any:
        """The first column of the first row, now."""
        return await self._tx.fetchval(query, *args)

    async def run(self) -> None:
        """Execute what was kept, as one statement; it succeeds or fails as a whole."""
        if self._queries:
            queries, arguments = tuple(self._queries), self._arguments
            self._queries, self._arguments = [], []
            await self._tx.execute(one_statement(queries), *arguments)


@lru_cache(maxsize=128)
def one_statement(queries: tuple[str, ...]) -> str:
    """The queries as parts of one, their parameters numbered through."""
    parts: list[str] = []
    offset = 0
    for number, query in enumerate(queries):
        shifted = _PARAMETER.sub(lambda found, by=offset: f"${int(found[1]) + by}", query)
        offset += max((int(found) for found in _PARAMETER.findall(query)), default=0)
        parts.append(f"part_{number} AS (\n{shifted}\n)")
    return f"WITH {', '.join(parts)}\nSELECT"
