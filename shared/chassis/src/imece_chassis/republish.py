"""After a loss of the log: published events become unpublished again and the relay sends them in their order.

Ids, keys and bytes are the original ones, so consumers that applied them ignore them. The log's epoch is
raised: consumers then read from the start and no position of the old log vouches for the new one. All in one
transaction: a run that breaks off has changed nothing, and the next one starts anew.
"""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from imece_chassis.database import Database
from imece_chassis.janitor import INBOX_DAYS
from imece_chassis.outbox import CHANNEL, SLOTS
from imece_chassis.relay.statements import LOCK, LOCK_CLASS

BATCH = 2000
LOCK_SECONDS = 30.0
# Its own limits: one statement may walk over all that is older, and rows must not wait for the janitor long.
LIMITS = "SET statement_timeout = '15min'; SET lock_timeout = '30s'"

_COUNT = """
SELECT (SELECT count(*) FROM outbox WHERE created_at >= $1 AND published_at IS NOT NULL) AS recent,
       (SELECT count(*) FROM outbox_archive WHERE created_at >= $1) AS archived
"""
_END_LEADERS = """
SELECT pg_terminate_backend(pid) FROM (
    SELECT DISTINCT pid FROM pg_locks
    WHERE locktype = 'advisory' AND classid = $1 AND granted AND pid <> pg_backend_pid()
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS leader
"""
# Batches follow the primary key, so that each row is visited once; each returns the last position it reached.
_FIRST_ARCHIVED = "SELECT min(position) FROM outbox_archive WHERE created_at >= $1"
_RESTORE = """
WITH chosen AS (
    SELECT position FROM outbox_archive
    WHERE position > $2 AND created_at >= $1 ORDER BY position LIMIT $3
), back AS (
    DELETE FROM outbox_archive WHERE position IN (SELECT position FROM chosen)
    RETURNING position, event_id, slot, topic, key, type, headers, payload, created_at
), restored AS (
    INSERT INTO outbox (position, event_id, slot, topic, key, type, headers, payload, created_at)
    OVERRIDING SYSTEM VALUE
    SELECT position, event_id, slot, topic, key, type, headers, payload, created_at FROM back
)
SELECT max(position) FROM chosen
"""
_FIRST_RECENT = "SELECT min(position) FROM outbox WHERE created_at >= $1"
_UNPUBLISH = """
WITH chosen AS (
    SELECT position FROM outbox
    WHERE position > $2 AND created_at >= $1 AND published_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM outbox_refused refused WHERE refused.position = outbox.position)
    ORDER BY position LIMIT $3
), unpublished AS (
    UPDATE outbox SET published_at = NULL WHERE position IN (SELECT position FROM chosen)
)
SELECT max(position) FROM chosen
"""
_RAISE_EPOCH = "UPDATE log_epoch SET epoch = epoch + 1 RETURNING epoch"


class TooOld(Exception):
    """Consumers have forgotten events of that time; sending them again would apply them twice."""


class LeadersStayed(Exception):
    """The relay could not be stopped for the moment this needs; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Republished:
    """What was (or would be) sent again; `epoch` is 0 in a dry run."""

    recent: int
    archived: int
    epoch: int

    @property
    def total(self) -> int:
        return self.recent + self.archived


async def republish(
    database: Database,
    since: datetime,
    *,
    now: datetime,
    dry_run: bool = False,
    older_than_inbox: bool = False,
    batch: int = BATCH,
) -> Republished:
    """Send events created since then again. Raises TooOld or LeadersStayed; safe to repeat after a crash."""
    if since < now - timedelta(days=INBOX_DAYS) and not older_than_inbox and not dry_run:
        raise TooOld(str(INBOX_DAYS))
    session = await database.dedicated()
    try:
        await session.execute(LIMITS)
        row = await session.fetchrow(_COUNT, since)
        if dry_run:
            return Republished(row["recent"], row["archived"], 0)
        await _take_lanes(session)
        async with session.transaction():
            epoch: int = await session.fetchval(_RAISE_EPOCH)
            first_recent: int | None = await session.fetchval(_FIRST_RECENT, since)
            await _repeat(session, _RESTORE, since, await session.fetchval(_FIRST_ARCHIVED, since), batch)
            await _repeat(session, _UNPUBLISH, since, first_recent, batch)
        return Republished(row["recent"], row["archived"], epoch)
    finally:
        session.terminate()  # gives the lanes back
        database.wake(CHANNEL)


async def _take_lanes(session: Any) -> None:
    """Hold every lane, so that no relay sends new events while older ones are being put back before them."""
    give_up = time.monotonic() + LOCK_SECONDS
    while True:
        await session.execute(_END_LEADERS, LOCK_CLASS)
        for _ in range(20):
            if await session.fetchval(LOCK, list(range(SLOTS))):
                return
            await session.execute("SELECT pg_advisory_unlock_all()")
            await asyncio.sleep(0.01)
        if time.monotonic() > give_up:
            raise LeadersStayed


async def _repeat(session: Any, statement: str, since: datetime, first: int | None, batch: int) -> None:
    last = None if first is None else first - 1
    while last is not None:
        last = await session.fetchval(statement, since, last, batch)
