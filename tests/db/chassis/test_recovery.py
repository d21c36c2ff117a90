"""PostgreSQL goes away and comes back: quick refusals meanwhile, normal work afterwards, no restart of
ours.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from imece_chassis.database import Database, DatabaseUnavailable, OutcomeUnknown
from imece_chassis.migrations import CHASSIS, migrate
from imece_local.postgres import EmbeddedPostgres
from tests.waiting import wait_until

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[EmbeddedPostgres]:
    """A server of this test's own, to be killed."""
    embedded = EmbeddedPostgres(tmp_path / "cluster", durable=False)
    await asyncio.to_thread(embedded.start)
    try:
        yield embedded
    finally:
        await asyncio.to_thread(embedded.stop)


async def test_the_pool_recovers_by_itself_after_a_killed_server(server: EmbeddedPostgres) -> None:
    await migrate(server.url(), [CHASSIS], lambda _: None)
    db = await Database.connect(server.url(), application="t", min_size=3, max_size=6)
    try:
        for _ in range(2):
            busy = [
                asyncio.create_task(db.unit_of_work(lambda tx: tx.execute("SELECT pg_sleep(1)")))
                for _ in "abc"
            ]
            await wait_until(lambda: _sleeping(server) == 3)
            await asyncio.to_thread(server.kill)
            outcomes = await asyncio.gather(*busy, return_exceptions=True)
            assert all(isinstance(outcome, DatabaseUnavailable | OutcomeUnknown) for outcome in outcomes)
            started = time.monotonic()
            with pytest.raises(DatabaseUnavailable):
                await db.unit_of_work(lambda tx: tx.execute("SELECT 1"))
            assert time.monotonic() - started < 2
            await asyncio.to_thread(server.start)
            await wait_until(lambda: _works(db), timeout=10)
            await asyncio.gather(*(db.unit_of_work(lambda tx: tx.execute("SELECT 1")) for _ in range(20)))
    finally:
        await db.close()


async def test_connecting_waits_for_a_server_that_is_starting(server: EmbeddedPostgres) -> None:
    url = server.url()
    await asyncio.to_thread(server.kill)
    connecting = asyncio.create_task(Database.connect(url, application="t"))
    done, _ = await asyncio.wait({connecting}, timeout=0.3)
    assert not done
    await asyncio.to_thread(server.start)
    db = await connecting
    assert await _works(db)
    await db.close()


async def _works(db: Database) -> bool:
    try:
        return await db.unit_of_work(lambda tx: tx.fetchval("SELECT 1")) == 1
    except DatabaseUnavailable:
        return False


def _sleeping(server: EmbeddedPostgres) -> int:
    said = server.sql(
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'"
    )
    return int(re.search(r"\d+", said).group())  # pyright: ignore[reportOptionalMemberAccess]
