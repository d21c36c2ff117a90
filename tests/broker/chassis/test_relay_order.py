"""Every committed event reaches its topic, in order within its key; rolled-back work never does."""

import asyncio
import contextlib
import os
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

import pytest

from imece_chassis import outbox
from imece_chassis.database import Database, Transaction
from imece_chassis.ids import uuid7
from imece_contracts.topics import CRISES
from tests.messaging import relay_process
from tests.messaging.events import opened
from tests.messaging.topics import Seen, read_all
from tests.platform.kafka import TestTopics
from tests.waiting import NeverHappened, wait_until

VERSIONS = "CREATE TABLE versions (key uuid PRIMARY KEY, version bigint NOT NULL)"


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("lanes", "failpoint"),
    [(1, "relay.after_publish:crash@1/15"), (4, "relay.before_publish:crash@1/15"), (4, "")],
)
async def test_nothing_is_lost_or_reordered_when_writers_commit_late_and_relays_are_killed(
    database: Callable[[str], str], topics: TestTopics, lanes: int, failpoint: str
) -> None:
    url = database("chassis")
    writers = await Database.connect(url, application="writers", max_size=12)
    keys = [uuid7() for _ in range(24)]
    await writers.unit_of_work(lambda tx: tx.execute(VERSIONS))
    await writers.unit_of_work(
        lambda tx: tx.executemany("INSERT INTO versions VALUES ($1, 0)", [(key,) for key in keys])
    )
    stop = asyncio.Event()
    relays = [
        asyncio.create_task(_keep_a_relay(url, topics.bootstrap, lanes, failpoint, stop)) for _ in range(2)
    ]
    try:
        await asyncio.gather(*(_write(writers, keys, seed) for seed in range(12)))
        await wait_until(lambda: _is_drained(writers), timeout=60, message="the outbox is empty")
        committed = await writers.unit_of_work(
            lambda tx: tx.fetch("SELECT event_id::text AS id, key FROM outbox")
        )
    finally:
        stop.set()
        await asyncio.gather(*relays)
        await writers.close()
    seen = read_all(topics.bootstrap, CRISES.name)
    assert {record.event_id for record in seen} == {row["id"] for row in committed}
    assert len(committed) > 1500
    assert _order_violations(seen) == []
    for key in keys:
        assert len({record.partition for record in seen if record.key == str(key)}) <= 1


async def _write(database: Database, keys: Sequence[UUID], seed: int) -> None:
    chance = random.Random(seed)

    async def change(tx: Transaction) -> None:
        key = chance.choice(keys)
        version = await tx.fetchval(
            "UPDATE versions SET version = version + 1 WHERE key = $1 RETURNING version", key
        )
        await outbox.append(tx, opened(str(key), version))
        if chance.random() < 0.2:
            await tx.execute("SELECT pg_sleep($1)", chance.random() * 0.03)  # commits after later positions
        if chance.random() < 0.1:
            raise RolledBack

    for _ in range(170):
        with contextlib.suppress(RolledBack):
            await database.unit_of_work(change)


async def _keep_a_relay(url: str, bootstrap: str, lanes: int, failpoint: str, stop: asyncio.Event) -> None:
    """A relay process that is killed now and then, and started again."""
    chance = random.Random(lanes)
    while not stop.is_set():
        process = subprocess.Popen(
            [sys.executable, str(Path(relay_process.__file__)), url, bootstrap, str(lanes)],
            env={**os.environ, "FP": failpoint},
            stderr=subprocess.DEVNULL,
        )
        life = 60.0 if failpoint else 2.5 + chance.random()
        with contextlib.suppress(NeverHappened):
            await wait_until(
                lambda process=process: process.poll() is not None or stop.is_set(), timeout=life
            )
        process.kill()
        process.wait()


async def _is_drained(database: Database) -> bool:
    return await database.unit_of_work(
        lambda tx: tx.fetchval("SELECT NOT EXISTS (SELECT FROM outbox WHERE published_at IS NULL)")
    )


def _order_violations(seen: list[Seen]) -> list[tuple[str | None, int, int]]:
    """(key, expected, found) wherever the first appearance of a version is not the next one."""
    reached: dict[str | None, int] = {}
    violations: list[tuple[str | None, int, int]] = []
    for record in seen:
        expected = reached.get(record.key, 0) + 1
        if record.sequence > expected:
            violations.append((record.key, expected, record.sequence))
        reached[record.key] = max(reached.get(record.key, 0), record.sequence)
    return violations


class RolledBack(Exception):
    """The writer changed its mind."""
