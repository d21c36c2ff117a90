"""The whole way round: a holder nobody reaches keeps the goods, because the ledger hears of it over Kafka."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from crisis.consumers.deliveries import deliveries_consumer
from imece_chassis.clock import FixedClock
from imece_chassis.consumer import ConsumerRunner
from imece_chassis.database import Database
from imece_chassis.relay import Relay
from imece_contracts.topics import CRISIS_PROGRESS, DELIVERIES, NOTIFICATIONS_PROGRESS
from notifications.consumers.facts import facts_consumer
from notifications.domain.kinds import Channel
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.world import World
from tests.messaging.consuming import running
from tests.messaging.topics import read_all
from tests.notifying.receivers import Behaviour, Request, answer, receiving
from tests.notifying.service import delivering, execute, subscribed, webhook_lanes
from tests.platform.kafka import TestTopics
from tests.waiting import wait_until

pytestmark = pytest.mark.timeout(120)

MAKE_DUE = "UPDATE notify.deliveries SET due_at = now() WHERE state = 'queued'"
CLOCK = "SELECT deadline_id FROM allocations WHERE allocation_id = $1"
PAUSED = "SELECT paused_since FROM deadlines WHERE deadline_id = $1"
DUE = "SELECT due_at FROM deadlines WHERE deadline_id = $1"


@pytest.fixture
async def world(database: Callable[[str], str]) -> AsyncIterator[World]:
    """A crisis whose clock shows the present: a subscription hears of nothing older than itself."""
    connected = await Database.connect(database("crisis"), application="test", max_size=8)
    yield World(connected, FixedClock(datetime.now(UTC)))
    await connected.close()


class Stranger:
    """A receiver that answers 500 until it is told to be well."""

    is_well = False

    def behaviour(self) -> Behaviour:
        async def behave(request: Request, writer: Any, receiver: Any) -> None:
            await answer(200 if self.is_well else 500)(request, writer, receiver)

        return behave


async def test_a23_a_lease_stands_still_while_its_holder_is_not_reached_and_runs_on_when_it_is(
    world: World, notifications_db: Any, topics: TestTopics
) -> None:
    stranger = Stranger()
    async with receiving(stranger.behaviour()) as receiver, AsyncExitStack() as roles:
        await subscribed(
            notifications_db,
            Channel.WEBHOOK,
            receiver.url,
            organisation_id=world.pledger.organisation_id,
            event_kinds=["allocation.held"],
        )
        for role in _roles(world, notifications_db, topics.bootstrap):
            await roles.enter_async_context(running(role))
        await roles.enter_async_context(delivering(notifications_db, webhook_lanes(), poll_seconds=0.1))

        crisis, line = await open_line(world)
        row = UUID(body(await world.pledge(crisis, line, "10"))["allocation_id"])
        await world.accept(row)
        clock = await world.value(CLOCK, row)
        ends = await world.value(DUE, clock)

        await wait_until(lambda: _is_paused(world, clock), timeout=60)
        assert await world.value(DUE, clock) == ends + timedelta(hours=24)

        stranger.is_well = True
        await execute(notifications_db, MAKE_DUE)
        await wait_until(lambda: _runs(world, clock), timeout=60)
        assert ends < await world.value(DUE, clock) < ends + timedelta(minutes=2)
    types = [record.headers["ce_type"] for record in read_all(topics.bootstrap, DELIVERIES.name)]
    assert types == [b"notifications.notice.deferred", b"notifications.notice.delivered"]


def _roles(world: World, notifications_db: Database, bootstrap: str) -> tuple[Any, ...]:
    return (
        Relay(world.database, bootstrap, CRISIS_PROGRESS),
        ConsumerRunner(notifications_db, bootstrap, [facts_consumer()], service="notifications"),
        Relay(notifications_db, bootstrap, NOTIFICATIONS_PROGRESS),
        ConsumerRunner(world.database, bootstrap, [deliveries_consumer()], service="crisis"),
    )


async def _is_paused(world: World, clock: UUID) -> bool:
    return await world.value(PAUSED, clock) is not None


async def _runs(world: World, clock: UUID) -> bool:
    return not await _is_paused(world, clock)
