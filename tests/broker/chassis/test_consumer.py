"""A batch is one transaction; each event is applied once, in order, whatever is delivered again."""

import asyncio
from collections.abc import Sequence

import asyncpg

from imece_chassis import dead_letters, failpoints
from imece_chassis.consumer import Policy, Received
from imece_chassis.database import Database, DatabaseUnavailable, Transaction
from imece_chassis.ids import uuid7
from imece_contracts.topics import CRISES
from tests.messaging.consuming import applied, consumer, make_table, runner, running, write_applied
from tests.messaging.events import opened
from tests.messaging.topics import raw, write
from tests.platform.kafka import TestTopics
from tests.waiting import wait_until


async def test_events_are_applied_in_order_and_once(chassis_db: Database, topics: TestTopics) -> None:
    await make_table(chassis_db)
    key = uuid7()
    events = [opened(key, n) for n in range(1, 301)]
    write(topics.bootstrap, CRISES.name, [raw(event) for event in events])
    async with running(runner(chassis_db, topics.bootstrap)):
        await wait_until(lambda: _count(chassis_db, 300))
        write(topics.bootstrap, CRISES.name, [raw(event) for event in events])  # everything again
        write(topics.bootstrap, CRISES.name, [raw(opened(key, 301))])
        await wait_until(lambda: _count(chassis_db, 301))
    assert await applied(chassis_db) == [(str(key), n) for n in range(1, 302)]


async def test_a_batch_that_commits_but_whose_offsets_are_lost_is_not_applied_again(
    chassis_db: Database, topics: TestTopics
) -> None:
    await make_table(chassis_db)
    key = uuid7()
    write(topics.bootstrap, CRISES.name, [raw(opened(key, n)) for n in range(1, 51)])
    with failpoints.armed("consume.after_commit:error@#1"):
        async with running(runner(chassis_db, topics.bootstrap)):
            await wait_until(lambda: _count(chassis_db, 50))
            write(topics.bootstrap, CRISES.name, [raw(opened(key, 51))])
            await wait_until(lambda: _count(chassis_db, 51))
    assert await applied(chassis_db) == [(str(key), n) for n in range(1, 52)]


async def test_an_outage_is_waited_for_in_place_and_nothing_becomes_a_dead_letter(
    chassis_db: Database, topics: TestTopics
) -> None:
    await make_table(chassis_db)
    key = uuid7()
    outages = 0

    async def handle(tx: Transaction, events: Sequence[Received]) -> None:
        nonlocal outages
        outages += 1
        if outages <= 4:
            raise DatabaseUnavailable("test") if outages % 2 else asyncpg.DeadlockDetectedError("test")
        await write_applied(tx, events)

    write(topics.bootstrap, CRISES.name, [raw(opened(key, n)) for n in range(1, 21)])
    async with running(runner(chassis_db, topics.bootstrap, consumer(handle=handle))):
        await wait_until(lambda: _count(chassis_db, 20))
    assert await dead_letters.listing(chassis_db, include_settled=True, limit=10) == []
    assert [sequence for _, sequence in await applied(chassis_db)] == list(range(1, 21))


async def test_only_the_failing_event_becomes_a_dead_letter_and_the_rest_flows(
    chassis_db: Database, topics: TestTopics
) -> None:
    await make_table(chassis_db)
    key = uuid7()
    write(topics.bootstrap, CRISES.name, [raw(opened(key, n)) for n in range(1, 101)])
    async with running(runner(chassis_db, topics.bootstrap, consumer(Policy.GO_ON, _refuse({37})))):
        await wait_until(lambda: _count(chassis_db, 99))
    assert [sequence for _, sequence in await applied(chassis_db)] == [n for n in range(1, 101) if n != 37]
    (letter,) = await dead_letters.listing(chassis_db, include_settled=True, limit=10)
    assert (letter.reason, letter.tries, letter.condition) == ("Impossible", 3, "waiting")
    assert letter.detail.startswith("test_consumer.py:")


async def test_park_holds_back_the_key_of_the_failed_event_and_replay_restores_its_order(
    chassis_db: Database, topics: TestTopics
) -> None:
    await make_table(chassis_db)
    bad, good = uuid7(), uuid7()
    refused = {2}
    parking = consumer(Policy.PARK, _refuse(refused, str(bad)))
    records = [raw(opened(key, n)) for n in range(1, 6) for key in (bad, good)]
    write(topics.bootstrap, CRISES.name, records)
    async with running(runner(chassis_db, topics.bootstrap, parking)):
        await wait_until(lambda: _count(chassis_db, 6))
        write(topics.bootstrap, CRISES.name, [raw(opened(bad, 6)), raw(opened(good, 6))])
        await wait_until(lambda: _count(chassis_db, 7))
        refused.clear()
        (letter,) = await dead_letters.listing(chassis_db, include_settled=False, limit=10)
        assert await dead_letters.replay(chassis_db, [parking], letter.dead_letter_id) == 5
        write(topics.bootstrap, CRISES.name, [raw(opened(bad, 7))])
        await wait_until(lambda: _count(chassis_db, 13))
    history = await applied(chassis_db)
    assert [n for key, n in history if key == str(bad)] == [1, 2, 3, 4, 5, 6, 7]
    assert [n for key, n in history if key == str(good)] == [1, 2, 3, 4, 5, 6]
    assert await dead_letters.listing(chassis_db, include_settled=False, limit=10) == []


async def test_stop_applies_nothing_behind_the_failed_event_until_somebody_discards_it(
    chassis_db: Database, topics: TestTopics
) -> None:
    await make_table(chassis_db)
    key = uuid7()
    stopping = consumer(Policy.STOP, _refuse({3}))
    write(topics.bootstrap, CRISES.name, [raw(opened(key, n)) for n in range(1, 6)])
    async with running(runner(chassis_db, topics.bootstrap, stopping)):
        letters = await wait_until(lambda: dead_letters.listing(chassis_db, include_settled=False, limit=10))
    assert letters[0].condition == "blocking"
    assert [n for _, n in await applied(chassis_db)] == [1, 2]
    await dead_letters.discard(chassis_db, letters[0].dead_letter_id)
    async with running(runner(chassis_db, topics.bootstrap, stopping)):
        await wait_until(lambda: _count(chassis_db, 4))
    assert [n for _, n in await applied(chassis_db)] == [1, 2, 4, 5]


async def test_two_members_of_a_group_share_the_work_and_lose_nothing_when_one_leaves(
    chassis_db: Database, topics: TestTopics
) -> None:
    await make_table(chassis_db)
    keys = [uuid7() for _ in range(8)]
    async with running(runner(chassis_db, topics.bootstrap)):
        async with running(runner(chassis_db, topics.bootstrap)):
            for n in range(1, 11):
                write(topics.bootstrap, CRISES.name, [raw(opened(key, n)) for key in keys[:4]], partition=0)
                write(topics.bootstrap, CRISES.name, [raw(opened(key, n)) for key in keys[4:]], partition=1)
            await wait_until(lambda: _count(chassis_db, 80), timeout=30)
        for n in range(11, 16):
            write(topics.bootstrap, CRISES.name, [raw(opened(key, n)) for key in keys[:4]], partition=0)
            write(topics.bootstrap, CRISES.name, [raw(opened(key, n)) for key in keys[4:]], partition=1)
        await wait_until(lambda: _count(chassis_db, 120), timeout=30)
    history = await applied(chassis_db)
    for key in keys:
        assert [n for known, n in history if known == str(key)] == list(range(1, 16))


async def test_a_handler_that_hangs_past_the_end_of_the_process_leaves_nothing_half_done(
    chassis_db: Database, topics: TestTopics
) -> None:
    await make_table(chassis_db)
    started = asyncio.Event()

    async def handle(tx: Transaction, events: Sequence[Received]) -> None:
        await write_applied(tx, events)
        started.set()
        raise DatabaseUnavailable("away")

    write(topics.bootstrap, CRISES.name, [raw(opened(uuid7(), 1))])
    async with running(runner(chassis_db, topics.bootstrap, consumer(handle=handle))):
        await wait_until(started.is_set)
    assert await applied(chassis_db) == []


class Impossible(Exception):
    """The event cannot be applied."""


def _refuse(sequences: set[int], key: str | None = None):
    async def handle(tx: Transaction, events: Sequence[Received]) -> None:
        for event in events:
            if event.envelope.sequence in sequences and key in (None, event.envelope.key):
                raise Impossible
        await write_applied(tx, events)

    return handle


async def _count(database: Database, expected: int) -> bool:
    return await database.unit_of_work(lambda tx: tx.fetchval("SELECT count(*) FROM applied")) >= expected
