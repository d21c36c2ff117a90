"""The shown age is never better than the real one, on quiet nights too; an old log never vouches for a new
one.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from imece_chassis import outbox
from imece_chassis.clock import SystemClock
from imece_chassis.database import Database
from imece_chassis.freshness import fresh_at
from imece_chassis.ids import uuid7
from imece_chassis.relay import Relay
from imece_chassis.republish import republish
from imece_contracts.topics import CRISES, CRISIS_PROGRESS
from tests.messaging.consuming import applied, connected, consumer, make_table, runner, running
from tests.messaging.events import opened
from tests.messaging.topics import read_all
from tests.platform.kafka import TestTopics
from tests.waiting import wait_until


async def _fresh(database: Database) -> datetime | None:
    return await database.unit_of_work(lambda tx: fresh_at(tx, "test", CRISIS_PROGRESS))


@pytest.mark.parametrize("lanes", [1, 4])
async def test_freshness_grows_while_all_parts_run_and_stands_still_when_one_stops(
    database: Callable[[str], str], topics: TestTopics, lanes: int
) -> None:
    async with connected(database("chassis"), database("chassis")) as (source, target):
        await make_table(target)
        relay = Relay(source, topics.bootstrap, CRISIS_PROGRESS, lanes=lanes)
        async with running(runner(target, topics.bootstrap)):
            async with running(relay):
                await source.unit_of_work(
                    lambda tx: outbox.append(tx, *[opened(uuid7(), 1) for _ in range(100)])
                )
                committed = SystemClock().now()
                await wait_until(lambda: _is_fresher(target, committed), timeout=15)
                assert len(await applied(target)) == 100
                later = SystemClock().now()
                await wait_until(lambda: _is_fresher(target, later), timeout=15)  # without any traffic
            stopped = SystemClock().now()
            await source.unit_of_work(lambda tx: outbox.append(tx, opened(uuid7(), 1)))
            await wait_until(lambda: _has_read_all_marks(target, topics), timeout=15)
            frozen = await _fresh(target)
            assert frozen is not None and frozen < stopped


async def test_a_mark_does_not_count_before_all_its_offsets_are_applied(
    database: Callable[[str], str], topics: TestTopics
) -> None:
    async with connected(database("chassis"), database("chassis")) as (source, target):
        await make_table(target)
        async with running(Relay(source, topics.bootstrap, CRISIS_PROGRESS)):
            await source.unit_of_work(lambda tx: outbox.append(tx, *[opened(uuid7(), 1) for _ in range(50)]))
            await wait_until(lambda: len(read_all(topics.bootstrap, CRISIS_PROGRESS.name)) >= 2)
        only_marks = consumer(topics=(CRISIS_PROGRESS, CRISES))
        async with running(runner(target, topics.bootstrap, only_marks)):
            await wait_until(lambda: _is_fresh(target))
        await target.unit_of_work(
            lambda tx: tx.execute(
                "UPDATE consumer_positions SET next_offset = next_offset - 1 WHERE topic = $1", CRISES.name
            )
        )
        assert await _fresh(target) is None


async def test_after_a_lost_log_republish_restores_it_and_nothing_is_applied_twice(
    database: Callable[[str], str], topics: TestTopics
) -> None:
    async with connected(database("chassis"), database("chassis")) as (source, target):
        await make_table(target)
        start = SystemClock().now() - timedelta(minutes=5)
        key = uuid7()
        async with (
            running(Relay(source, topics.bootstrap, CRISIS_PROGRESS)),
            running(runner(target, topics.bootstrap)),
        ):
            for n in range(1, 61):
                await source.unit_of_work(lambda tx, n=n: outbox.append(tx, opened(key, n)))
            await wait_until(lambda: _is_fresh(target), timeout=15)
            await wait_until(lambda: _count(target, 60))
        lost = {record.event_id for record in read_all(topics.bootstrap, CRISES.name)}
        topics.fresh()  # the broker lost its disk: empty topics, no offsets
        async with (
            running(Relay(source, topics.bootstrap, CRISIS_PROGRESS)),
            running(runner(target, topics.bootstrap)),
        ):
            result = await republish(source, start, now=SystemClock().now())
            assert (result.recent, result.epoch) == (60, 2)
            await source.unit_of_work(lambda tx: outbox.append(tx, opened(key, 61)))
            committed = SystemClock().now()
            await wait_until(lambda: _count(target, 61), timeout=20)
            await wait_until(lambda: _is_fresher(target, committed), timeout=20)
        records = read_all(topics.bootstrap, CRISES.name)
        assert lost <= {record.event_id for record in records}
        assert [record.sequence for record in records] == list(range(1, 62))
        assert [n for _, n in await applied(target)] == list(range(1, 62))
        epochs = await target.unit_of_work(
            lambda tx: tx.fetch(
                "SELECT DISTINCT log_epoch FROM consumer_positions WHERE topic = $1", CRISES.name
            )
        )
        assert [row["log_epoch"] for row in epochs] == [2]


async def _has_read_all_marks(database: Database, topics: TestTopics) -> bool:
    ends = topics.end_offsets(CRISIS_PROGRESS.name)
    reached = await database.unit_of_work(
        lambda tx: tx.fetchval(
            "SELECT next_offset FROM consumer_positions WHERE topic = $1", CRISIS_PROGRESS.name
        )
    )
    return reached == ends[0]


async def _is_fresher(database: Database, than: datetime) -> bool:
    fresh = await _fresh(database)
    return fresh is not None and fresh >= than


async def _is_fresh(database: Database) -> bool:
    return await _fresh(database) is not None


async def _count(database: Database, expected: int) -> bool:
    return len(await applied(database)) >= expected
