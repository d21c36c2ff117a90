"""When is a system at rest? No outbox row unsent, every consumer at the end of every topic it reads."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.platform.kafka import TestTopics
from tests.waiting import wait_until

if TYPE_CHECKING:
    from tests.faults.harness import System

PRODUCERS = ("registry", "crisis", "notifications")
CONSUMERS = ("crisis", "notifications")
UNSENT = "SELECT count(*) FROM outbox WHERE published_at IS NULL"
COMMITTED = "SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM outbox_archive)"
TOPICS = "SELECT consumer, topic FROM consumer_topics"
POSITIONS = "SELECT consumer, topic, partition, next_offset FROM consumer_positions"


async def wait_for_quiet(system: System, timeout: float) -> None:
    """Raises AssertionError naming what is still unsent or unread."""
    found: list[str] = []

    async def is_quiet() -> bool:
        found[:] = [*await _unsent(system), *await _unread(system)]
        return not found

    await wait_until(is_quiet, timeout, 0.1, lambda: f"the system is quiet ({'; '.join(found)})")


async def committed(system: System) -> dict[str, int]:
    """Service → events it ever committed."""
    counts: dict[str, int] = {}
    for service in PRODUCERS:
        async with system.checker(service) as connection:
            counts[service] = await connection.fetchval(COMMITTED)
    return counts


async def _unsent(system: System) -> list[str]:
    found: list[str] = []
    for service in PRODUCERS:
        async with system.checker(service) as connection:
            count = await connection.fetchval(UNSENT)
            if count:
                found.append(f"{count} unsent in {service}")
    return found


async def _unread(system: System) -> list[str]:
    topics = TestTopics(system.kafka.bootstrap)
    found: list[str] = []
    for service in CONSUMERS:
        async with system.checker(service) as connection:
            reads = [(row["consumer"], row["topic"]) for row in await connection.fetch(TOPICS)]
            positions = {
                (row["consumer"], row["topic"], row["partition"]): row["next_offset"]
                for row in await connection.fetch(POSITIONS)
            }
        ends = await asyncio.to_thread(
            lambda names: {n: topics.end_offsets(n) for n in names}, {t for _, t in reads}
        )
        for consumer, topic in reads:
            for partition, end in ends[topic].items():
                applied = positions.get((consumer, topic, partition), 0)
                if applied < end:
                    found.append(f"{consumer} at {applied} of {end} in {topic}/{partition}")
    return found
