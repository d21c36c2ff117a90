"""How many statements a command sends: a transaction that counts what passes through it."""

from typing import Any

from imece_chassis.database import Transaction


class Counted(Transaction):
    """Stands in for its transaction and hands everything on."""

    def __init__(self, tx: Transaction) -> None:
        super().__init__(None)
        self._tx = tx
        self.callbacks, self.channels = tx.callbacks, tx.channels
        self.statements = 0

    async def execute(self, query: str, *args: Any) -> str:
        self.statements += 1
        return await self._tx.execute(query, *args)

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        self.statements += 1
        return await self._tx.fetch(query, *args)

    async def fetchrow(self, query: str, *args: Any) -> Any:
        self.statements += 1
        return await self._tx.fetchrow(query, *args)

    async def fetchval(self, query: str, *args: Any) -> Any:
        self.statements += 1
        return await self._tx.fetchval(query, *args)
