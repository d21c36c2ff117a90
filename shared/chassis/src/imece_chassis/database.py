"""The only door to a database connection: one shielded transaction per unit of work.

A caller that vanishes never interrupts its unit. A connection that saw anything unexpected is terminated,
never returned. An error before COMMIT was sent means nothing happened; a lost answer to COMMIT means nobody
knows.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, ClassVar, TypeVar

import asyncpg
from prometheus_client import Counter, Histogram

from imece_chassis import sessions
from imece_chassis.backoff import backoff, jittered
from imece_chassis.connection_errors import (
    CONFLICTS,
    broken_form,
    is_held_up,
    is_refusal_of_service,
    is_too_slow,
)
from imece_chassis.failpoints import afailpoint
from imece_chassis.telemetry.logs import log
from imece_chassis.transaction import Restart, Transaction
from imece_chassis.wakeup import Wakeup

__all__ = [
    "Database",
    "DatabaseUnavailable",
    "OutcomeUnknown",
    "Restart",
    "Transaction",
    "TransactionAborted",
]

T = TypeVar("T")

ACQUIRE_SECONDS = 1.0  # a request that waited this long for a connection is better answered with 503
BEGIN = "BEGIN"
BEGIN_SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
CONFLICT_WAIT_SECONDS = 0.02
STATEMENT_TIMEOUT_MS = 2000
WORKER_STATEMENT_TIMEOUT_MS = 10_000  # for roles nobody waits for; a transaction may take 2.5 times as long

_log = logging.getLogger(__name__)
_pool_wait = Histogram(
    "db_pool_wait_seconds",
    "Time a unit of work waited for a connection",
    buckets=(0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0),
)
_terminated = Counter(
    "db_connections_terminated_total", "Connections ended because of their state", ["reason"]
)
_units = Counter("db_units_total", "Units of work by outcome", ["outcome"])
_conflicts = Counter(
    "db_conflicts_total", "Units of work rolled back to run again, by what they met", ["conflict"]
)
_MET: dict[type[Exception], str] = {
    asyncpg.DeadlockDetectedError: "deadlock",
    asyncpg.SerializationError: "serialization",
}
for _conflict in (*_MET.values(), "restart"):
    _conflicts.labels(_conflict)  # none so far is a zero, not a gap
_committed, _refused = _units.labels("committed"), _units.labels("rolled_back")


class DatabaseUnavailable(Exception):
    """The database cannot be used right now; nothing was changed."""

    status = 503
    code = "database_unavailable"
    tr = "Veritabanına şu anda ulaşılamıyor; hiçbir şey değişmedi"
    cause_en = "The service cannot reach its database, or it restarts; the command was not done."
    cause_tr = "Hizmet veritabanına ulaşamıyor ya da veritabanı yeniden başlıyor; komut işlenmedi."
    retry_after = 1
    facts: ClassVar[dict[str, str]] = {}
    is_too_slow = False  # a limit of time ended the work: less of it may fit
    is_held_up = False  # somebody kept a lock too long: what needs none of his may succeed

    @classmethod
    def by(cls, error: BaseException, reason: str) -> "DatabaseUnavailable":
        """What `error` of the driver means to whoever asked."""
        made = cls(reason)
        made.is_too_slow = is_too_slow(error)
        made.is_held_up = is_held_up(error)
        return made


class OutcomeUnknown(Exception):
    """The answer of the database was lost; repeat with the same key to learn the outcome."""

    status = 503
    code = "outcome_unknown"
    tr = "Veritabanının yanıtı kayboldu; sonucu öğrenmek için aynı anahtarla yineleyin"
    cause_en = "The connection broke after the command was sent: it may be done or not."
    cause_tr = "Komut gönderildikten sonra bağlantı koptu: işlenmiş olabilir de olmayabilir de."
    fix_en = "Send the same request with the same key: it is done once, and the answer says how."
    fix_tr = "Aynı isteği aynı anahtarla gönderin: bir kez işlenir, yanıt sonucu söyler."
    retry_after = 1
    facts: ClassVar[dict[str, str]] = {}


class TransactionAborted(RuntimeError):
    """The work caught a database error and went on: its transaction was already lost."""


class Database:
    """A pool of connections to one database. Make it with `connect`, end it with `close`."""

    def __init__(self, pool: Any, url: str, application: str) -> None:
        self._pool = pool
        self._url = url
        self._application = application
        self._running: set[asyncio.Task[Any]] = set()
        self._closing = False
        self._wakeup = Wakeup(self.dedicated)

    @classmethod
    async def connect(
        cls,
        url: str,
        *,
        application: str,
        min_size: int = 2,
        max_size: int = 10,
        statement_timeout_ms: int = STATEMENT_TIMEOUT_MS,
        patience_seconds: float = 10.0,
    ) -> "Database":
        """Open the pool; waits up to `patience_seconds` for a database that is starting, then
        DatabaseUnavailable.
        """
        give_up = time.monotonic() + patience_seconds
        while True:
            try:
                pool = await sessions.open_pool(url, application, min_size, max_size, statement_timeout_ms)
                return cls(pool, url, application)
            except sessions.CONNECT_ERRORS as error:
                if time.monotonic() >= give_up:
                    raise DatabaseUnavailable(type(error).__name__) from error
                await asyncio.sleep(jittered(0.4))

    async def unit_of_work(self, work: Callable[[Transaction], Awaitable[T]], *, retries: int = 3) -> T:
        """Run `work` in one transaction and commit it. The unit outlives a cancelled caller.

        Raises DatabaseUnavailable (nothing happened), OutcomeUnknown (COMMIT was sent, its answer lost), or
        what `work` raised (rolled back). Serialisation failures, deadlocks and a `Restart` raised by the work
        run it again, up to `retries` times.
        """
        return await self._shielded(self._attempts(work, BEGIN, retries))

    async def snapshot(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `work` on one unchanging, read-only view of the database."""
        return await self._shielded(self._attempts(work, BEGIN_SNAPSHOT, 0))

    async def dedicated(self) -> Any:
        """A session of its own, in autocommit, for LISTEN, advisory locks and workers. The caller closes
        it.
        """
        try:
            return await sessions.open_session(self._url, self._application)
        except sessions.CONNECT_ERRORS as error:
            raise DatabaseUnavailable(type(error).__name__) from error

    async def close(self, grace_seconds: float = 5.0) -> None:
        """Refuse new units, let running ones finish for `grace_seconds`, then end every connection."""
        self._closing = True
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=grace_seconds)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=1.0)
        await self._wakeup.close()
        try:
            await asyncio.wait_for(self._pool.close(), 2.0)
        except sessions.CONNECT_ERRORS:
            self._pool.terminate()

    @property
    def running_units(self) -> int:
        """Units of work that have not ended, with or without a caller."""
        return len(self._running)

    def wake(self, channel: str) -> None:
        """Tell listeners of `channel` soon: many calls within a few milliseconds become one NOTIFY."""
        self._wakeup.wake(channel)

    async def _shielded(self, unit: Coroutine[Any, Any, T]) -> T:
        if self._closing:
            unit.close()
            raise DatabaseUnavailable("closing")
        task = asyncio.create_task(unit)
        self._running.add(task)
        task.add_done_callback(self._finished)
        return await asyncio.shield(task)

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # marks it as seen: the caller may have vanished

    async def _attempts(self, work: Callable[[Transaction], Awaitable[T]], begin: str, retries: int) -> T:
        attempt = 0
        while True:
            try:
                return await self._once(work, begin)
            except (*CONFLICTS, Restart) as error:
                _conflicts.labels(_MET.get(type(error), "restart")).inc()
                if attempt >= retries:
                    raise DatabaseUnavailable(type(error).__name__) from error
                attempt += 1
                await asyncio.sleep(backoff(attempt, CONFLICT_WAIT_SECONDS, 1.0))

    async def _once(self, work: Callable[[Transaction], Awaitable[T]], begin: str) -> T:
        connection = await self._acquire()
        tx = Transaction(connection)
        is_commit_sent = False
        try:
            await connection.execute(begin)
            result = await work(tx)
            tx.finish()
            if begin is BEGIN:
                await afailpoint("cmd.before_commit")
                is_commit_sent = True
            tag = await connection.execute("COMMIT")
            if is_commit_sent:
                await afailpoint("cmd.commit_unknown")
        except BaseException as error:
            tx.finish()
            await self._abandon(connection, error, is_commit_sent)
            raise
        if tag != "COMMIT":
            await self._release(connection)
            raise TransactionAborted(tag)
        _committed.inc()
        try:
            if is_commit_sent:
                await afailpoint("cmd.after_commit")
            for callback in tx.callbacks:
                _call(callback)
            for channel in tx.channels:
                self._wakeup.wake(channel)
        finally:
            await self._release(connection)
        return result

    async def _acquire(self) -> Any:
        started = time.perf_counter()
        try:
            connection = await self._pool.acquire(timeout=ACQUIRE_SECONDS)
        except sessions.CONNECT_ERRORS as error:
            raise DatabaseUnavailable(type(error).__name__) from error
        finally:
            _pool_wait.observe(time.perf_counter() - started)
        return connection

    async def _release(self, connection: Any) -> None:
        try:
            await self._pool.release(connection)
        except sessions.CONNECT_ERRORS as error:
            self._terminate(connection, type(error).__name__)

    async def _abandon(self, connection: Any, error: BaseException, is_commit_sent: bool) -> None:
        """Make the connection reusable or end it; raise the typed error when the driver's own says too
        little.
        """
        reason = broken_form(error) or ("closed" if connection.is_closed() else None)
        if reason is None:
            try:
                await connection.execute("ROLLBACK")
                await self._release(connection)
            except BaseException as rollback_error:
                self._terminate(connection, broken_form(rollback_error) or type(rollback_error).__name__)
                if not isinstance(rollback_error, Exception):
                    raise
            _refused.inc()
            if is_refusal_of_service(error):
                raise DatabaseUnavailable.by(error, type(error).__name__) from error
            return
        self._terminate(connection, reason)
        if isinstance(error, asyncio.CancelledError):
            return
        if is_commit_sent:
            _units.labels("unknown").inc()
            log(_log, logging.WARNING, "outcome_unknown", reason=reason)
            raise OutcomeUnknown(reason) from error
        _units.labels("unavailable").inc()
        raise DatabaseUnavailable.by(error, reason) from error

    def _terminate(self, connection: Any, reason: str) -> None:
        _terminated.labels(reason).inc()
        try:
            connection.terminate()
        except asyncpg.InterfaceError:
            return  # the pool has taken it back already


def _call(callback: Callable[[], None]) -> None:
    """A failing callback must not turn a committed unit into an error."""
    try:
        callback()
    except Exception as error:  # noqa: BLE001 - the commit has happened, whatever this is
        _log.error("after_commit_failed", exc_info=error)
