"""From a record in Kafka to a stranger's server: once per event, quickly, and past poison."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from imece_chassis.consumer import ConsumerRunner
from imece_chassis.database import Database
from imece_chassis.ids import uuid7
from imece_contracts.topics import LINES
from notifications.consumers.facts import facts_consumer
from notifications.domain.kinds import Channel
from tests.messaging.topics import raw, write
from tests.notifying.events import held, proposed
from tests.notifying.receivers import answer, receiving
from tests.notifying.service import delivering, rows, states, subscribed, webhook_lanes
from tests.platform.kafka import TestTopics
from tests.waiting import wait_until


@asynccontextmanager
async def consuming(db: Database, bootstrap: str) -> AsyncIterator[None]:
    """The consume role without the access mirror."""
    runner = ConsumerRunner(db, bootstrap, [facts_consumer()], service="notifications")
    stop = asyncio.Event()
    running = asyncio.create_task(runner.run(stop))
    try:
        yield
    finally:
        stop.set()
        await running


async def test_a_record_written_ten_times_is_one_message_within_seconds(
    notifications_db: Any, topics: TestTopics
) -> None:
    async with receiving(answer(200)) as receiver:
        await subscribed(notifications_db, Channel.WEBHOOK, receiver.url)
        await subscribed(notifications_db, Channel.INBOX)
        async with (
            consuming(notifications_db, topics.bootstrap),
            delivering(notifications_db, webhook_lanes()),
        ):
            warm = proposed(uuid7()).envelope
            write(topics.bootstrap, LINES.name, [raw(warm)])
            await wait_until(lambda: receiver.requests, timeout=30)
            started = time.monotonic()
            event = held(uuid7()).envelope
            write(topics.bootstrap, LINES.name, [raw(event)] * 10)
            await wait_until(lambda: len(receiver.requests) == 2, interval=0.002)
            assert time.monotonic() - started < 5
            write(topics.bootstrap, LINES.name, [raw(event)] * 10 + [raw(held(uuid7()).envelope)])
            await wait_until(lambda: len(receiver.requests) == 3)
            await wait_until(lambda: _all_delivered(notifications_db, 6))
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 3
    assert len(await rows(notifications_db, "SELECT notice_id FROM notify.notices")) == 6


async def _all_delivered(db: Any, number: int) -> bool:
    return await states(db) == ["delivered"] * number


async def test_poison_is_set_aside_and_the_next_event_is_told(
    notifications_db: Any, topics: TestTopics
) -> None:
    await subscribed(notifications_db, Channel.INBOX)
    good = held(uuid7()).envelope
    key, value, headers = raw(good)
    broken = [
        (key, b"{not json", headers),
        (key, b'{"line": 1}', headers),
        (key, value, [(name, b"\xff\xfe") for name, _ in headers]),
        (key, None, headers),
    ]
    write(topics.bootstrap, LINES.name, [*broken, raw(good)])
    async with consuming(notifications_db, topics.bootstrap):
        await wait_until(lambda: _all_delivered(notifications_db, 1), timeout=30)
