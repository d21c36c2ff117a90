"""After a loss of the log: published events become unpublished again and the relay sends them in their order.

Ids, keys and bytes are the original ones, so consumers that applied them ignore them. The log's epoch is
raised: consumers then read from the start and no position of the old log vouches for the new one.
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
_RESTORE = """
WITH back AS (
    DELETE FROM outbox_archive WHERE position IN (
        SELECT position FROM outbox_archive WHERE created_at >= $1 ORDER BY position LIMIT $2)
    RETURNING position, event_id, slot, topic, key, type, headers, payload, created_at
)
INSERT INTO outbox (position, event_id, slot, topic, key, type, headers, payload, created_at)
OVERRIDING SYSTEM VALUE
SELECT position, event_id, slot, topic, key, type, headers, payload, created_at FROM back
"""
_UNPUBLISH = """
UPDATE outbox SET published_at = NULL WHERE position IN (
    SELECT position FROM outbox
    WHERE created_at >= $1 AND published_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM outbox_refused refused WHERE refused.position = outbox.position)
    ORDER BY position LIMIT $2)
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
) -> Republished:
    """Send events created since then again. Raises TooOld or LeadersStayed; safe to repeat after a crash."""
    if since < now - timedelta(days=INBOX_DAYS) and not older_than_inbox and not dry_run:
        raise TooOld(str(INBOX_DAYS))
    session = await database.dedicated()
    try:
        row = await session.fetchrow(_COUNT, since)
        if dry_run:
            return Republished(row["recent"], row["archived"], 0)
        await _take_lanes(session)
        # Before the first row: a crash in between leaves a higher epoch, which only costs a second reading.
        epoch: int = await session.fetchval(_RAISE_EPOCH)
        await _repeat(session, _RESTORE, since)
        await _repeat(session, _UNPUBLISH, since)
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


async def _repeat(session: Any, statement: str, since: datetime) -> None:
    while True:
        tag = await session.execute(statement, since, BATCH)
        if int(tag.rsplit(" ", 1)[-1]) < BATCH:
            return
