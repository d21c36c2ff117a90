"""A revoked key is refused everywhere within five seconds; a copy that hears nothing more grows stale."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from confluent_kafka import Producer

from imece_chassis import outbox
from imece_chassis.access import keys
from imece_chassis.access.authenticator import STALE_AFTER_SECONDS
from imece_chassis.access.mirror import mirror_consumer
from imece_chassis.access.view import AccessView
from imece_chassis.consumer import ConsumerRunner
from imece_chassis.database import Database, Transaction
from imece_chassis.ids import uuid7
from imece_chassis.relay import Relay
from imece_contracts.event import seal
from imece_contracts.registry import CredentialState, KeyCreated, KeyRevoked, OrganisationChanged
from imece_contracts.topics import CREDENTIALS, REGISTRY_PROGRESS
from tests.platform.kafka import TestTopics
from tests.waiting import wait_until

ORGANISATION, KEY_ID, INTEGRATION = uuid7(), uuid7(), uuid7()
DIGEST = keys.digest("pepper-of-the-tests-0123456789-abcdef", keys.new_key(live=True))


class Owner:
    """The side that issues keys: its own database, an outbox, a relay that can be stopped."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._sequence = 0

    async def publish(self, *, revoked: bool) -> None:
        kind: type[CredentialState] = KeyRevoked if revoked else KeyCreated
        credential = kind(
            key_id=KEY_ID,
            integration_id=INTEGRATION,
            organisation_id=ORGANISATION,
            mode="live",
            prefix="abcdefgh",
            digest=DIGEST.hex(),
            scopes=("things:write",),
            expires_on=datetime.now(UTC).date() + timedelta(days=30),
            revoked_at=datetime.now(UTC) if revoked else None,
        )
        organisation = OrganisationChanged(
            organisation_id=ORGANISATION,
            kind="association",
            legal_name="Örnek",
            state="active",
            seat_plate="31",
        )
        self._sequence += 1

        async def work(tx: Transaction) -> None:
            for data, key in ((credential, KEY_ID), (organisation, ORGANISATION)):
                event = seal(
                    data,
                    id=uuid7(),
                    source="//test/registry",
                    subject=f"thing/{key}",
                    key=str(key),
                    sequence=self._sequence,
                    time=datetime.now(UTC),
                )
                await outbox.append(tx, event)

        await self.database.unit_of_work(work)


@contextlib.asynccontextmanager
async def running(*roles: Any) -> AsyncIterator[None]:
    stop = asyncio.Event()
    tasks = [asyncio.create_task(role.run(stop)) for role in roles]
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(asyncio.gather(*tasks), 15)


@contextlib.asynccontextmanager
async def connected(url: str) -> AsyncIterator[Database]:
    database = await Database.connect(url, application="test", min_size=1)
    try:
        yield database
    finally:
        await database.close()


@pytest.mark.timeout(120)
async def test_from_the_owners_commit_to_the_readers_refusal(
    database: Callable[[str], str], topics: TestTopics
) -> None:
    async with connected(database("chassis")) as owners, connected(database("chassis")) as readers:
        owner, view = Owner(owners), AccessView(readers)
        relay = Relay(owners, topics.bootstrap, REGISTRY_PROGRESS)
        runner = ConsumerRunner(readers, topics.bootstrap, [mirror_consumer()], service="reader")
        async with running(runner, view):
            async with running(relay):
                await owner.publish(revoked=False)
                found = await wait_until(lambda: view.lookup(DIGEST), timeout=30)
                assert found is not None and found.revoked_at is None and found.has_scope("things:write")
                await wait_until(lambda: view.age_seconds < STALE_AFTER_SECONDS, timeout=15)

                started = time.monotonic()
                await owner.publish(revoked=True)
                await wait_until(lambda: getattr(view.lookup(DIGEST), "revoked_at", None), timeout=10)
                assert time.monotonic() - started < 5

                ages = [view.age_seconds]
                until = time.monotonic() + 6
                await wait_until(
                    lambda: ages.append(view.age_seconds) or time.monotonic() > until, interval=0.1
                )
                assert max(ages) < STALE_AFTER_SECONDS, "an idle owner still vouches for the copy"
            await wait_until(
                lambda: view.age_seconds > STALE_AFTER_SECONDS,
                timeout=15,
                message="without the relay's marks the copy grows stale",
            )


@pytest.mark.timeout(120)
async def test_a_tombstone_ends_a_key_at_the_reader(
    database: Callable[[str], str], topics: TestTopics
) -> None:
    async with connected(database("chassis")) as owners, connected(database("chassis")) as readers:
        owner, view = Owner(owners), AccessView(readers)
        runner = ConsumerRunner(readers, topics.bootstrap, [mirror_consumer()], service="reader")
        async with running(runner, view, Relay(owners, topics.bootstrap, REGISTRY_PROGRESS)):
            await owner.publish(revoked=False)
            await wait_until(lambda: view.lookup(DIGEST), timeout=30)
            producer = Producer({"bootstrap.servers": topics.bootstrap, "log_level": 0})
            producer.produce(CREDENTIALS.name, key=str(KEY_ID), value=None)
            producer.flush(10)
            await wait_until(lambda: view.lookup(DIGEST) is None, timeout=15)
