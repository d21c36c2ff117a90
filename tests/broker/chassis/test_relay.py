"""The relay under faults: lost locks, failing partitions, refused records, a broker that is away."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from imece_chassis import failpoints, outbox
from imece_chassis.database import Database
from imece_chassis.ids import uuid7
from imece_chassis.relay import Relay
from imece_contracts.envelope import Envelope
from imece_contracts.topics import CRISES, CRISIS_PROGRESS
from tests.messaging.consuming import running
from tests.messaging.events import opened
from tests.messaging.topics import limit_record_bytes, read_all
from tests.platform.kafka import TestTopics
from tests.waiting import wait_until


async def test_an_event_is_in_its_topic_with_its_headers_moments_after_the_commit(
    chassis_db: Database, topics: TestTopics
) -> None:
    event = opened(uuid7(), 1, actor_role="secretariat", is_drill=True)
    async with running(Relay(chassis_db, topics.bootstrap, CRISIS_PROGRESS)):
        await chassis_db.unit_of_work(lambda tx: outbox.append(tx, event))
        await wait_until(lambda: _unpublished(chassis_db, 0))
    (record,) = read_all(topics.bootstrap, CRISES.name)
    assert (record.key, record.value, record.event_id) == (event.key, event.data, str(event.id))
    assert record.headers["ce_drill"] == b"true" and record.headers["content-type"] == b"application/json"


@pytest.mark.parametrize("point", ["relay.before_publish", "relay.after_publish"])
async def test_a_failed_batch_is_sent_again_and_order_holds(
    chassis_db: Database, topics: TestTopics, point: str
) -> None:
    keys = [uuid7() for _ in range(6)]
    with failpoints.armed(f"{point}:error@1/3"):
        async with running(Relay(chassis_db, topics.bootstrap, CRISIS_PROGRESS)):
            for n in range(1, 41):
                await _append(chassis_db, [opened(key, n) for key in keys])
            await wait_until(lambda: _unpublished(chassis_db, 0), timeout=60)
    _assert_first_appearances(topics, {str(key): 40 for key in keys})


async def test_a_lost_lock_session_stops_sending_and_another_session_takes_over(
    chassis_db: Database, topics: TestTopics
) -> None:
    keys = [uuid7() for _ in range(6)]
    async with running(Relay(chassis_db, topics.bootstrap, CRISIS_PROGRESS, lanes=2)):
        with failpoints.armed("relay.lock_lost:error@1/30"):
            for n in range(1, 61):
                await _append(chassis_db, [opened(key, n) for key in keys])
                if n % 15 == 0:
                    await _kill_lock_holders(chassis_db)
        await wait_until(lambda: _unpublished(chassis_db, 0), timeout=30)
    _assert_first_appearances(topics, {str(key): 60 for key in keys})


async def test_two_relays_with_different_numbers_of_lanes_never_lead_the_same_slots(
    chassis_db: Database, topics: TestTopics
) -> None:
    key = uuid7()
    first = Relay(chassis_db, topics.bootstrap, CRISIS_PROGRESS, lanes=1)
    second = Relay(chassis_db, topics.bootstrap, CRISIS_PROGRESS, lanes=4)
    async with running(first), running(second):
        for n in range(1, 31):
            await _append(chassis_db, [opened(key, n)])
        await wait_until(lambda: _unpublished(chassis_db, 0))
        held = await chassis_db.unit_of_work(
            lambda tx: tx.fetch(
                "SELECT objid, count(*) AS n FROM pg_locks WHERE locktype = 'advisory' GROUP BY objid"
            )
        )
    assert all(row["n"] == 1 for row in held)
    assert len(read_all(topics.bootstrap, CRISES.name)) == 30


async def test_a_record_too_large_for_the_broker_is_recorded_and_blocks_nobody(
    chassis_db: Database, topics: TestTopics
) -> None:
    key = uuid7()
    limit_record_bytes(topics.bootstrap, CRISES.name, 100_000)
    events = [
        opened(key, 1), opened(key, 2, payload=b'{"pad":"' + b"x" * 300_000 + b'"}'),
        opened(key, 3), opened(uuid7(), 1),
    ]  # fmt: skip
    await _append(chassis_db, events)
    async with running(Relay(chassis_db, topics.bootstrap, CRISIS_PROGRESS)):
        await wait_until(lambda: _unpublished(chassis_db, 0), timeout=30)
    refused = await chassis_db.unit_of_work(
        lambda tx: tx.fetch("SELECT event_id, reason FROM outbox_refused")
    )
    assert [(row["event_id"], row["reason"]) for row in refused] == [
        (events[1].id, "MessageSizeTooLargeError")
    ]
    sent = {record.event_id for record in read_all(topics.bootstrap, CRISES.name)}
    assert sent == {str(event.id) for event in events} - {str(events[1].id)}


async def test_a_topic_the_cluster_does_not_know_holds_back_only_its_own_events(
    chassis_db: Database, topics: TestTopics
) -> None:
    lost = opened(uuid7(), 1)
    elsewhere = _on_topic("no.such.v1", opened(uuid7(), 1))
    await _append(chassis_db, [elsewhere, lost])
    async with running(Relay(chassis_db, topics.bootstrap, CRISIS_PROGRESS)):
        await wait_until(lambda: _unpublished(chassis_db, 1))
        await wait_until(lambda: len(read_all(topics.bootstrap, CRISES.name)) == 1)
    assert await _unpublished(chassis_db, 1)


async def test_however_many_events_wait_for_a_topic_the_others_flow_and_all_leave_in_order_once_it_is_there(
    chassis_db: Database, topics: TestTopics
) -> None:
    keys = [key for key in (uuid7() for _ in range(400)) if outbox.slot_of(str(key)) == 0]
    waiting, flowing = keys[:2], keys[2:5]
    for first in range(1, 301, 50):  # more than one read takes, all before what is to flow
        events = [opened(key, n) for n in range(first, first + 50) for key in waiting]
        await _append(chassis_db, [_on_topic("late.v1", event) for event in events])
    await _append(chassis_db, [opened(key, 1) for key in flowing])
    async with running(Relay(chassis_db, topics.bootstrap, CRISIS_PROGRESS, held_of_topic=50)):
        await wait_until(lambda: _unpublished(chassis_db, 600))
        await _append(chassis_db, [_on_topic("late.v1", opened(key, 301)) for key in waiting])
        await _append(chassis_db, [opened(key, 2) for key in flowing])
        await wait_until(lambda: _unpublished(chassis_db, 602))
        topics.add("late.v1")
        await wait_until(lambda: _unpublished(chassis_db, 0), timeout=40)
    _assert_first_appearances(topics, {str(key): 2 for key in flowing})
    _assert_first_appearances(topics, {str(key): 301 for key in waiting}, "late.v1")


async def test_stopping_marks_what_was_acknowledged_so_that_nothing_is_sent_twice(
    chassis_db: Database, topics: TestTopics
) -> None:
    keys = [uuid7() for _ in range(50)]
    for n in range(1, 41):
        await _append(chassis_db, [opened(key, n) for key in keys])
    while not await _unpublished(chassis_db, 0):
        async with running(Relay(chassis_db, topics.bootstrap, CRISIS_PROGRESS)):
            before = await _left(chassis_db)
            await wait_until(lambda before=before: _fewer(chassis_db, before), interval=0.005)
    assert len(read_all(topics.bootstrap, CRISES.name)) == 2000


async def _fewer(database: Database, than: int) -> bool:
    return await _left(database) < than


async def _left(database: Database) -> int:
    return await database.unit_of_work(
        lambda tx: tx.fetchval("SELECT count(*) FROM outbox WHERE published_at IS NULL")
    )


async def _append(database: Database, events: Sequence[Envelope]) -> None:
    await database.unit_of_work(lambda tx: outbox.append(tx, *events))


async def _unpublished(database: Database, expected: int) -> bool:
    return await _left(database) == expected


async def _kill_lock_holders(database: Database) -> None:
    await database.unit_of_work(
        lambda tx: tx.fetch(
            "SELECT pg_terminate_backend(pid) FROM (SELECT DISTINCT pid FROM pg_locks "
            "WHERE locktype = 'advisory' "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS holder"
        )
    )
    await asyncio.sleep(0)


def _on_topic(topic: str, event: Envelope) -> Envelope:
    return replace(event, topic=topic)


def _assert_first_appearances(topics: TestTopics, expected: dict[str, int], topic: str = CRISES.name) -> None:
    reached: dict[str, int] = {}
    for record in read_all(topics.bootstrap, topic):
        assert record.key is not None
        assert record.sequence <= reached.get(record.key, 0) + 1, record
        reached[record.key] = max(reached.get(record.key, 0), record.sequence)
    assert reached == expected
