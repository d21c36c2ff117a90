"""Consumers for tests: they write what they applied into a table, inside the real transaction."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from imece_chassis.consumer import Consumer, ConsumerRunner, Policy, Received
from imece_chassis.database import Database, Transaction
from imece_contracts.topics import CRISES, CRISIS_PROGRESS, Topic

APPLIED = """
CREATE TABLE IF NOT EXISTS applied (
    place bigint GENERATED ALWAYS AS IDENTITY, event_id uuid NOT NULL, key text NOT NULL, sequence bigint NOT
    NULL)
"""


async def make_table(database: Database) -> None:
    """The table the test consumers write to."""
    await database.unit_of_work(lambda tx: tx.execute(APPLIED))


async def applied(database: Database) -> list[tuple[str, int]]:
    """(key, sequence) in the order of application."""
    rows = await database.unit_of_work(
        lambda tx: tx.fetch("SELECT key, sequence FROM applied ORDER BY place")
    )
    return [(row["key"], row["sequence"]) for row in rows]


async def write_applied(tx: Transaction, events: Sequence[Received]) -> None:
    """The plain handler."""
    await tx.executemany(
        "INSERT INTO applied (event_id, key, sequence) VALUES ($1, $2, $3)",
        [(event.envelope.id, event.envelope.key, event.envelope.sequence) for event in events],
    )


def consumer(
    policy: Policy = Policy.GO_ON,
    handle: Any = write_applied,
    name: str = "test",
    topics: tuple[Topic, ...] = (CRISES, CRISIS_PROGRESS),
) -> Consumer:
    """A consumer of crisis events and their progress marks."""
    return Consumer(name, topics, policy, handle)


@asynccontextmanager
async def running(role: Any) -> AsyncIterator[asyncio.Event]:
    """A role running beside the test, stopped at the end; a crash of the role fails the test."""
    stop = asyncio.Event()
    task = asyncio.create_task(role.run(stop))
    try:
        yield stop
    finally:
        stop.set()
        await asyncio.wait({task}, timeout=10)
        if not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=2)
            raise AssertionError(f"{role.name} did not stop")
        task.result()


def runner(database: Database, bootstrap: str, *consumers: Consumer) -> ConsumerRunner:
    """The role with these consumers."""
    return ConsumerRunner(database, bootstrap, consumers or (consumer(),), service="test")


@asynccontextmanager
async def connected(*urls: str) -> AsyncIterator[list[Database]]:
    """Databases for the length of a block."""
    databases = [await Database.connect(url, application="test", min_size=1) for url in urls]
    try:
        yield databases
    finally:
        for database in databases:
            await database.close()
