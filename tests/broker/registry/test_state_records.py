"""From a command to the state topics: what readers of the broker learn, and how fast."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from confluent_kafka import Consumer, TopicPartition

from imece_chassis.access.keys import digest
from imece_chassis.access.mirror import mirror_consumer
from imece_chassis.access.view import AccessView
from imece_chassis.consuming.runner import ConsumerRunner
from imece_chassis.database import Database
from imece_chassis.relay import Relay
from imece_contracts.catalogue import parse
from imece_contracts.envelope import Envelope, from_record
from imece_contracts.topics import CREDENTIALS, GRANTS, ORGANISATIONS, REGISTRY_PROGRESS
from registry.domain.keys import Wish
from registry.store.credentials import OwnCredentials
from registry.usecases.create_key import CreateKey, create_key
from registry.usecases.finding import any_version
from registry.usecases.revoke_key import RevokeKey, revoke_key
from tests.db.registry.given import MINT, NOW, act, do, integration
from tests.platform.kafka import TestTopics
from tests.waiting import wait_until


@asynccontextmanager
async def relaying(url: str, bootstrap: str) -> AsyncIterator[Database]:
    """A database whose outbox is being relayed."""
    database = await Database.connect(url, application="test registry")
    stop = asyncio.Event()
    relay = asyncio.create_task(Relay(database, bootstrap, REGISTRY_PROGRESS).run(stop))
    try:
        yield database
    finally:
        stop.set()
        await asyncio.wait_for(relay, 10)
        await database.close()


class Reader:
    """Reads a whole state topic with a client that is not the product's."""

    def __init__(self, bootstrap: str, topics: TestTopics, name: str) -> None:
        self.name = name
        self.records: list[Envelope] = []
        self._consumer = Consumer(
            {"bootstrap.servers": bootstrap, "group.id": uuid4().hex, "enable.auto.commit": False}
        )
        self._consumer.assign([TopicPartition(name, part, 0) for part in topics.end_offsets(name)])

    async def all_of(self, key: object, at_least: int = 1) -> list[Envelope]:
        """What the topic holds for a key, in order; nothing while it holds less than `at_least`."""
        while (message := await asyncio.to_thread(self._consumer.poll, 0.1)) is not None:
            if message.error() is None:
                self.records.append(
                    from_record(self.name, message.key(), message.value(), message.headers() or [])  # type: ignore[arg-type]
                )
        found = [record for record in self.records if record.key == str(key)]
        return found if len(found) >= at_least else []

    def close(self) -> None:
        self._consumer.close()


async def test_a_revoked_key_is_on_its_topic_within_five_seconds(
    database: Callable[[str], str], kafka: str, topics: TestTopics
) -> None:
    reader = Reader(kafka, topics, CREDENTIALS.name)
    async with relaying(database("registry"), kafka) as registry:
        made = await integration(registry)
        key, plain = await do(registry, create_key, act(), CreateKey(made.integration_id, Wish()), MINT)
        assert await wait_until(lambda: reader.all_of(key.key_id))
        await do(registry, revoke_key, act(), RevokeKey(made.integration_id, key.key_id), any_version)

        created, gone = await wait_until(lambda: reader.all_of(key.key_id, at_least=2), timeout=5)
    reader.close()
    assert [created.type, gone.type] == ["registry.key.created", "registry.key.revoked"]
    assert [created.sequence, gone.sequence] == [1, 2]
    state: Any = parse(gone)
    assert state.revoked_at == NOW
    assert state.digest == digest(MINT.pepper, plain).hex()
    assert plain[17:] not in json.dumps([record.data.decode() for record in reader.records])


async def test_every_state_topic_ends_with_the_state_in_the_tables(
    database: Callable[[str], str], kafka: str, topics: TestTopics
) -> None:
    readers = [Reader(kafka, topics, topic.name) for topic in (ORGANISATIONS, GRANTS)]
    async with relaying(database("registry"), kafka) as registry:
        made = await integration(registry, "pledger")
        organisations, grants = readers

        activated = await wait_until(lambda: organisations.all_of(made.organisation_id, at_least=2))
        last: Any = parse(activated[-1])
        grant_id = await registry.snapshot(lambda tx: tx.fetchval("select grant_id from grants"))
        granted: Any = parse((await wait_until(lambda: grants.all_of(grant_id)))[-1])
    for reader in readers:
        reader.close()
    assert (last.state, last.seat_plate) == ("active", "31")
    assert (granted.role, granted.organisation_id) == ("pledger", made.organisation_id)


async def test_another_service_knows_of_a_key_what_the_registry_knows(
    database: Callable[[str], str], kafka: str, topics: TestTopics
) -> None:
    assert topics
    copy = await Database.connect(database("chassis"), application="test copy")
    stop = asyncio.Event()
    consuming = asyncio.create_task(
        ConsumerRunner(copy, kafka, [mirror_consumer()], service=f"test-{uuid4().hex[:8]}").run(stop)
    )
    view = AccessView(copy)
    async with relaying(database("registry"), kafka) as registry:
        made = await integration(registry, "pledger", "verifier")
        key, plain = await do(registry, create_key, act(), CreateKey(made.integration_id, Wish()), MINT)
        own = OwnCredentials(registry)

        async def copied() -> Any:
            await view.refresh()
            found = view.lookup(digest(MINT.pepper, plain))
            return (
                found if found and len(found.grants) == 2 and found.organisation_state == "active" else None
            )

        copied_caller = await wait_until(copied)
        own_caller: Any = await own.lookup(digest(MINT.pepper, plain))
        for name in ("key_id", "integration_id", "organisation_id", "scopes", "expires_at", "is_test"):
            assert getattr(copied_caller, name) == getattr(own_caller, name), name
        rights = [
            {(g.role, g.organisation_id, g.provinces, g.crisis_id) for g in caller.grants}
            for caller in (copied_caller, own_caller)
        ]
        assert rights[0] == rights[1]
        await do(registry, revoke_key, act(), RevokeKey(made.integration_id, key.key_id), any_version)

        async def revoked() -> bool:
            await view.refresh()
            found = view.lookup(digest(MINT.pepper, plain))
            return found is not None and found.revoked_at == NOW

        await wait_until(revoked, timeout=5)

        async def fresh() -> bool:
            await view.refresh()
            return view.age_seconds < 5

        await wait_until(fresh)
    stop.set()
    await asyncio.wait_for(consuming, 10)
    await copy.close()
