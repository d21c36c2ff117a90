"""Numbered forward-only SQL files, each applied once, in order, under one advisory lock.

Files are `NNNN_name.sql` in dbmate's format. A file whose bytes changed after it was applied stops
everything. Run as a job of its own, never at the start of a worker.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from imece_chassis import sessions
from imece_chassis.backoff import backoff, jittered
from imece_chassis.failpoints import afailpoint
from imece_chassis.migrations.files import (
    ChangedAfterApplied,
    Component,
    Migration,
    indexes_built,
    shipped,
    statements,
)

__all__ = [
    "CHASSIS",
    "ChangedAfterApplied",
    "Component",
    "IndexNotBuilt",
    "LockTimeout",
    "MigrationOrder",
    "is_current",
    "migrate",
    "status",
]

CHASSIS = Component("chassis", "imece_chassis.migrations")

LOCK_KEY = 0x1AECE_0001  # one lock for all components of a database
LOCK_WAIT_SECONDS = 120.0
LOCK_TIMEOUT_MS = 2000  # a migration waiting longer would stop every statement queued behind it
STATEMENT_TIMEOUT_MS = 600_000
MAX_TRIES = 12

_HISTORY = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    component text NOT NULL, version integer NOT NULL, name text NOT NULL, checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(), duration_ms integer NOT NULL,
    PRIMARY KEY (component, version))
"""
_RECORD = """
INSERT INTO schema_migrations (component, version, name, checksum, duration_ms) VALUES ($1, $2, $3, $4, $5)
"""
_NOT_BUILT = """
SELECT indexrelid::regclass::text AS name FROM pg_index
 WHERE NOT indisvalid AND indexrelid IN (SELECT to_regclass(name) FROM unnest($1::text[]) AS name)
"""
_BUSY = (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError, asyncpg.SerializationError)


class MigrationOrder(Exception):
    """A migration with a lower number than one already applied appeared; numbers only go up."""


class LockTimeout(Exception):
    """The tables stayed locked by others; nothing of this migration was applied. Run it again."""


class IndexNotBuilt(Exception):
    """A file ran to its end and an index it builds cannot be used; it is not recorded as applied."""


@dataclass(frozen=True, slots=True)
class _State:
    applied: dict[int, str]  # version → checksum

    def pending(self, component: Component) -> list[Migration]:
        files = shipped(component)
        for file in files:
            known = self.applied.get(file.version)
            if known is not None and known != file.checksum:
                raise ChangedAfterApplied(f"{component.name} {file.label}")
        missing = [file for file in files if file.version not in self.applied]
        newest = max(self.applied, default=0)
        if missing and missing[0].version < newest:
            raise MigrationOrder(f"{component.name} {missing[0].label} after {newest:04d}")
        return missing


async def migrate(url: str, components: Sequence[Component], report: Callable[[str], None] = print) -> None:
    """Apply what is missing, component by component. Waits for a concurrent run; safe to repeat.

    Raises ChangedAfterApplied, MigrationOrder, LockTimeout, IndexNotBuilt, or the database's own error
    (nothing of that file stays).
    """
    connection = await sessions.open_session(url, "migrate", STATEMENT_TIMEOUT_MS)
    try:
        await _take_lock(connection)
        await connection.execute(_HISTORY)
        for component in components:
            state = await _state(connection, component)
            pending = state.pending(component)
            for migration in pending:
                milliseconds = await _apply(connection, component, migration)
                report(f"{component.name} {migration.label} applied in {milliseconds} ms")
            if not pending:
                report(f"{component.name} is current at {max(state.applied, default=0):04d}")
    finally:
        await connection.close(timeout=2)


async def status(url: str, components: Sequence[Component]) -> list[str]:
    """One line per shipped migration, "applied" or "pending". Changes nothing."""
    connection = await sessions.open_session(url, "migrate")
    try:
        lines: list[str] = []
        for component in components:
            pending = {file.version for file in (await _state(connection, component)).pending(component)}
            lines += [
                f"{component.name} {file.label} {'pending' if file.version in pending else 'applied'}"
                for file in shipped(component)
            ]
        return lines
    finally:
        await connection.close(timeout=2)


async def is_current(connection: Any, components: Sequence[Component]) -> bool:
    """Whether everything shipped is applied: the schema check of readiness. `connection` may be a
    Transaction.
    """
    for component in components:
        if (await _state(connection, component)).pending(component):
            return False
    return True


async def _take_lock(connection: Any) -> None:
    give_up = time.monotonic() + LOCK_WAIT_SECONDS
    while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK_KEY):
        if time.monotonic() > give_up:
            raise LockTimeout("another migration is running")
        await asyncio.sleep(jittered(0.3))


async def _state(connection: Any, component: Component) -> _State:
    if await connection.fetchval("SELECT to_regclass('schema_migrations') IS NULL"):
        return _State({})
    rows = await connection.fetch(
        "SELECT version, checksum FROM schema_migrations WHERE component = $1", component.name
    )
    return _State({row["version"]: row["checksum"] for row in rows})


async def _apply(connection: Any, component: Component, migration: Migration) -> int:
    for attempt in range(MAX_TRIES):
        started = time.perf_counter()
        try:
            if migration.is_transactional:
                await _apply_whole(connection, component, migration, started)
            else:
                await _apply_stepwise(connection, component, migration, started)
            return _elapsed_ms(started)
        except _BUSY:
            await asyncio.sleep(backoff(attempt + 1, 0.2, 10.0))
    raise LockTimeout(f"{component.name} {migration.label}")


async def _apply_whole(connection: Any, component: Component, migration: Migration, started: float) -> None:
    async with connection.transaction():
        await connection.execute(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS:d}")
        await connection.execute(migration.up)
        await connection.execute("SELECT set_config('lock_timeout', '0', true)")
        await afailpoint("migrate.step")
        await _record(connection, component, migration, started)


async def _apply_stepwise(
    connection: Any, component: Component, migration: Migration, started: float
) -> None:
    """For CREATE INDEX CONCURRENTLY: no transaction, so each statement must be repeatable.

    A build that was cut off leaves an index that is kept up to date, answers nothing and passes for existing:
    it is dropped before the file runs. Raises IndexNotBuilt.
    """
    await connection.execute(f"SET lock_timeout = {LOCK_TIMEOUT_MS:d}")
    indexes = indexes_built(migration.up)
    for index in await _not_built(connection, indexes):
        await connection.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {index}")
    for statement in statements(migration.up):
        await connection.execute(statement)
    if missing := await _not_built(connection, indexes):
        raise IndexNotBuilt(f"{component.name} {migration.label}: {', '.join(missing)}")
    await _record(connection, component, migration, started)


async def _not_built(connection: Any, indexes: Sequence[str]) -> list[str]:
    """Those that exist and cannot be used, quoted as SQL wants them."""
    return [row["name"] for row in await connection.fetch(_NOT_BUILT, indexes)]


async def _record(connection: Any, component: Component, migration: Migration, started: float) -> None:
    await connection.execute(
        _RECORD, component.name, migration.version, migration.name, migration.checksum, _elapsed_ms(started)
    )


def _elapsed_ms(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)
