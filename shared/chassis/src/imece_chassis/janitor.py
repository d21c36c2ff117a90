"""Tables that only grow are swept: published events move to the archive, the inbox and the stored answers
forget what nobody repeats.

Runs inside the relay and the consumers; an advisory lock keeps it to one process at a time. Deletes in small
transactions, so that no lock and no snapshot lives long.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from imece_chassis import idempotency, ids
from imece_chassis.backoff import jittered, pause
from imece_chassis.database import Database, DatabaseUnavailable, OutcomeUnknown, Transaction
from imece_chassis.telemetry.logs import log

ARCHIVE_AFTER_DAYS = 30
INBOX_DAYS = 90  # republish refuses older times unless told otherwise
BATCH = 2000
INTERVAL_SECONDS = 600.0
LOCK = 0x1AECE_0002

_ARCHIVE = """
WITH moved AS (
    DELETE FROM outbox WHERE position IN (
        SELECT position FROM outbox
        WHERE created_at < now() - $1 * interval '1 day' AND published_at < now() - $1 * interval '1 day'
        ORDER BY position LIMIT $2)
    RETURNING position, event_id, slot, topic, key, type, headers, payload, created_at, published_at
)
INSERT INTO outbox_archive (position, event_id, slot, topic, key, type, headers, payload, created_at,
published_at) SELECT position, event_id, slot, topic, key, type, headers, payload, created_at, published_at
FROM moved ON CONFLICT (position) DO NOTHING
"""
_FORGET_INBOX = """
DELETE FROM inbox WHERE (consumer, event_id) IN (
    SELECT consumer, event_id FROM inbox WHERE consumer = $1 AND event_id < $2 ORDER BY event_id LIMIT $3)
"""
_CONSUMERS = "SELECT DISTINCT consumer FROM consumer_positions"

_log = logging.getLogger(__name__)


async def archive_published(database: Database, *, older_than_days: int = ARCHIVE_AFTER_DAYS) -> int:
    """Move published events to outbox_archive; returns how many."""
    return await _in_batches(database, lambda tx: tx.execute(_ARCHIVE, older_than_days, BATCH))


async def forget_inbox(database: Database, *, older_than_days: int = INBOX_DAYS) -> int:
    """Forget applied event ids by the time inside the id; returns how many."""
    rows = await database.unit_of_work(lambda tx: tx.fetch(_CONSUMERS))
    oldest = ids.lower_bound(int((time.time() - older_than_days * 86_400) * 1000))
    forgotten = 0
    for row in rows:
        consumer: str = row["consumer"]
        forgotten += await _in_batches(
            database, lambda tx, consumer=consumer: tx.execute(_FORGET_INBOX, consumer, oldest, BATCH)
        )
    return forgotten


class Janitor:
    """Sweeps every ten minutes."""

    name = "janitor"

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run(self, stop: asyncio.Event) -> None:
        """Sweep until `stop`; a database that is away is tried again at the next turn."""
        while not stop.is_set():
            if await pause(stop, jittered(INTERVAL_SECONDS)):
                return
            try:
                await self.sweep()
            except (DatabaseUnavailable, OutcomeUnknown) as error:
                log(_log, logging.WARNING, "sweep_failed", error=type(error).__name__)

    async def sweep(self) -> None:
        """One round, unless another process is at it."""
        session = await self._database.dedicated()
        try:
            if await session.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
                archived = await archive_published(self._database)
                forgotten = await forget_inbox(self._database)
                answers = await idempotency.purge(self._database)
                log(_log, logging.INFO, "swept", archived=archived, forgotten=forgotten, answers=answers)
        finally:
            session.terminate()


async def _in_batches(database: Database, statement: Callable[[Transaction], Awaitable[str]]) -> int:
    total = 0
    while True:
        count = int((await database.unit_of_work(statement)).rsplit(" ", 1)[-1])
        total += count
        if count < BATCH:
            return total
        await asyncio.sleep(0.05)  # let the commands of users through
