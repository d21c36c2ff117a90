"""A consumer that is told to stop leaves its group, whatever the group does; its successor need not wait."""

import asyncio
import time
from collections.abc import Iterator

import pytest
from confluent_kafka import Consumer, ConsumerGroupState
from confluent_kafka.admin import AdminClient  # pyright: ignore[reportPrivateImportUsage]

from imece_chassis.database import Database
from imece_chassis.ids import uuid7
from imece_chassis.runtime import GRACE_SECONDS
from imece_contracts.topics import CRISES
from tests.messaging.consuming import applied, make_table, runner, running
from tests.messaging.events import opened
from tests.messaging.topics import raw, write
from tests.platform.kafka import TestTopics
from tests.waiting import wait_until, wait_until_sync

GROUP = "test.test"


@pytest.fixture
def busy(topics: TestTopics) -> Iterator[Consumer]:
    """A member that keeps its session alive and does not join again: the others' joins stay pending."""
    member = Consumer(
        {
            "bootstrap.servers": topics.bootstrap,
            "group.id": GROUP,
            "partition.assignment.strategy": "roundrobin",
            "max.poll.interval.ms": 60_000,
            "log_level": 0,
        }
    )
    member.subscribe([CRISES.name])
    wait_until_sync(lambda: member.poll(0.1) is None and bool(member.assignment()), timeout=20)
    yield member
    member.close()


async def test_a_consumer_stopped_while_it_joins_ends_in_time_and_its_successor_gets_the_partitions_at_once(
    chassis_db: Database, topics: TestTopics, busy: Consumer
) -> None:
    await make_table(chassis_db)
    async with running(runner(chassis_db, topics.bootstrap)):
        await wait_until(lambda: _is_joining(topics.bootstrap), timeout=20)
        stopped_at = time.monotonic()
    assert time.monotonic() - stopped_at < GRACE_SECONDS
    await asyncio.to_thread(busy.close)
    write(topics.bootstrap, CRISES.name, [raw(opened(uuid7(), 1))])
    async with running(runner(chassis_db, topics.bootstrap)):
        await wait_until(lambda: applied(chassis_db), timeout=8)


async def _is_joining(bootstrap: str) -> bool:
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
    (described,) = admin.describe_consumer_groups([GROUP]).values()
    group = await asyncio.to_thread(described.result, 10)
    return group.state is ConsumerGroupState.PREPARING_REBALANCING and len(group.members) == 2
