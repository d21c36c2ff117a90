"""The broker dies and comes back: commands go on, nothing is lost, order holds, consumers resume."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from imece_chassis import outbox
from imece_chassis.consuming import metrics
from imece_chassis.database import Database
from imece_chassis.ids import uuid7
from imece_chassis.relay import Relay
from imece_contracts.topics import CRISES, CRISIS_PROGRESS
from imece_local.jars import ensure_jars
from imece_local.kafka import EmbeddedKafka
from tests.messaging.consuming import applied, make_table, runner, running
from tests.messaging.events import opened
from tests.messaging.topics import read_all
from tests.platform.fixtures import STATE
from tests.platform.kafka import TestTopics
from tests.waiting import wait_until

pytestmark = pytest.mark.timeout(170)


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[EmbeddedKafka]:
    """A broker of this test's own, to be killed."""
    embedded = EmbeddedKafka(tmp_path / "broker", ensure_jars(STATE / "kafka-libs"))
    await asyncio.to_thread(embedded.start)
    try:
        yield embedded
    finally:
        await asyncio.to_thread(embedded.stop)


async def test_events_written_while_the_broker_is_dead_arrive_in_order_once_it_is_back(
    broker: EmbeddedKafka, chassis_db: Database
) -> None:
    await asyncio.to_thread(TestTopics(broker.bootstrap).fresh)
    await make_table(chassis_db)
    keys = [uuid7() for _ in range(5)]

    async def append(numbers: range) -> None:
        for n in numbers:
            await chassis_db.unit_of_work(
                lambda tx, n=n: outbox.append(tx, *(opened(key, n) for key in keys))
            )

    relay = Relay(chassis_db, broker.bootstrap, CRISIS_PROGRESS)
    async with running(relay), running(runner(chassis_db, broker.bootstrap)):
        await append(range(1, 21))
        await wait_until(lambda: _count(chassis_db, 100), timeout=20)
        await asyncio.to_thread(broker.kill)
        await append(range(21, 41))
        await asyncio.to_thread(broker.start)
        await append(range(41, 61))
        await wait_until(lambda: _count(chassis_db, 300), timeout=90, message="everything is applied")
    history = await applied(chassis_db)
    for key in keys:
        assert [n for known, n in history if known == str(key)] == list(range(1, 61))
    reached: dict[str | None, int] = {}
    for record in read_all(broker.bootstrap, CRISES.name):
        assert record.sequence <= reached.get(record.key, 0) + 1
        reached[record.key] = max(reached.get(record.key, 0), record.sequence)


async def test_roles_that_start_before_the_broker_wait_for_it(
    broker: EmbeddedKafka, chassis_db: Database
) -> None:
    await asyncio.to_thread(TestTopics(broker.bootstrap).fresh)
    await make_table(chassis_db)
    await asyncio.to_thread(broker.kill)
    before = _restarts()
    relay = Relay(chassis_db, broker.bootstrap, CRISIS_PROGRESS)
    async with running(relay), running(runner(chassis_db, broker.bootstrap)):
        await chassis_db.unit_of_work(lambda tx: outbox.append(tx, opened(uuid7(), 1)))
        await wait_until(lambda: _has_waited(before), message="the consumer has tried in vain")
        await asyncio.to_thread(broker.start)
        await wait_until(lambda: _count(chassis_db, 1), timeout=60)


async def _count(database: Database, expected: int) -> bool:
    return len(await applied(database)) >= expected


def _restarts() -> float:
    samples = [sample for metric in metrics.restarts.collect() for sample in metric.samples]
    return sum(sample.value for sample in samples if sample.name.endswith("_total"))


def _has_waited(before: float) -> bool:
    return _restarts() > before
