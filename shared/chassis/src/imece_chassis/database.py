"""The only door to a database connection: one shielded transaction per unit of work."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, TypeVar

import asyncpg

T = TypeVar("T")


class DatabaseUnavailable(Exception):
    """The database cannot be used right now; nothing was changed."""

    status = 503
    code = "database_unavailable"
    tr = "Veritabanına şu anda ulaşılamıyor; hiçbir şey değişmedi"
    retry_after = 1
    facts: dict[str, str] = {}


class OutcomeUnknown(Exception):
    """The answer of the database was lost; repeat with the same key to learn the outcome."""

    status = 503
    code = "outcome_unknown"
    tr = "Veritabanının yanıtı kayboldu; sonucu öğrenmek için aynı anahtarla yineleyin"
    retry_after = 1
    facts: dict[str, str] = {}


class Transaction:
    async def execute(self, query: str, *args: Any) -> str:
        raise NotImplementedError

    async def executemany(self, query: str, args: Iterable[Sequence[Any]]) -> None:
        raise NotImplementedError

    async def fetch(self, query: str, *args: Any) -> list[asyncpg.Record]:
        raise NotImplementedError

    async def fetchrow(self, query: str, *args: Any) -> asyncpg.Record | None:
        raise NotImplementedError

    async def fetchval(self, query: str, *args: Any) -> Any:
        raise NotImplementedError

    def after_commit(self, callback: Callable[[], None]) -> None:
        raise NotImplementedError


class Database:
    @classmethod
    async def connect(
        cls, url: str, *, application: str, min_size: int = 2, max_size: int = 10, statement_timeout_ms: int = 2000
    ) -> "Database":
        raise NotImplementedError

    async def unit_of_work(self, work: Callable[[Transaction], Awaitable[T]], *, retries: int = 3) -> T:
        raise NotImplementedError

    async def snapshot(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        raise NotImplementedError

    async def dedicated(self) -> asyncpg.Connection:
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError
