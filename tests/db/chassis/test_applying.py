"""What becomes of a batch: too slow is made smaller, an unreadable state stops whoever must not skip one."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from imece_chassis import dead_letters
from imece_chassis.access.mirror import CONSUMER, mirror_consumer
from imece_chassis.consumer import Consumer, Policy, Received
from imece_chassis.consuming.applying import Applier, Halted
from imece_chassis.consuming.epochs import Epochs
from imece_chassis.consuming.records import Entry, Headers, classify
from imece_chassis.database import Database, Transaction
from imece_chassis.ids import uuid7
from imece_contracts.topics import CREDENTIALS, CRISES, REGISTRY_PROGRESS
from tests.messaging.consuming import applied, consumer, make_table, write_applied
from tests.messaging.events import opened
from tests.messaging.topics import raw

pytestmark = pytest.mark.timeout(60)


@dataclass
class Record:
    """A record as if read from partition 0."""

    topic: str
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers
    partition: int = 0
    timestamp: int = 0


def entry(
    offset: int, key: bytes | None, value: bytes | None, headers: Headers, topic: str = CRISES.name
) -> Entry:
    return classify(Record(topic, offset, key, value, headers))


def entries(count: int) -> list[Entry]:
    key = uuid7()
    return [entry(n, *raw(opened(key, n))) for n in range(1, count + 1)]


def ended(offset: int) -> Entry:
    """A state record the access mirror can read."""
    return entry(offset, str(uuid7()).encode(), None, [], CREDENTIALS.name)


def malformed(offset: int, topic: str = CREDENTIALS.name) -> Entry:
    return entry(offset, b"a key", b"{", [], topic)


def unknown(offset: int) -> Entry:
    key, value, headers = raw(opened(uuid7(), 1))
    renamed = [(name, b"registry.key.frozen" if name == "ce_type" else text) for name, text in headers]
    return entry(offset, key, value, renamed, CREDENTIALS.name)


def applier(database: Database, whose: Consumer) -> Applier:
    return Applier(database, whose, Epochs(), asyncio.Event())


async def reached(database: Database, topic: str = CREDENTIALS.name) -> int | None:
    return await database.unit_of_work(
        lambda tx: tx.fetchval("SELECT next_offset FROM consumer_positions WHERE topic = $1", topic)
    )


def _in_one_statement(batch: Sequence[Received]) -> tuple[str, ...]:
    return (f"SELECT pg_sleep({0.05 * len(batch)})",)


def _in_many_statements(batch: Sequence[Received]) -> tuple[str, ...]:
    return ("SELECT pg_sleep(0.25)",) * len(batch)


@pytest.mark.parametrize(
    ("work", "count"), [(_in_one_statement, 40), (_in_many_statements, 30)], ids=["statement", "transaction"]
)
async def test_a_batch_that_is_too_slow_is_made_smaller_until_it_fits(
    database: Callable[[str], str], work: Callable[[Sequence[Received]], tuple[str, ...]], count: int
) -> None:
    sizes: list[int] = []

    async def handle(tx: Transaction, batch: Sequence[Received]) -> None:
        sizes.append(len(batch))
        for statement in work(batch):
            await tx.execute(statement)
        await write_applied(tx, batch)

    db = await Database.connect(
        database("chassis"), application="t", min_size=1, max_size=2, statement_timeout_ms=1300
    )
    try:
        await make_table(db)
        await applier(db, consumer(handle=handle)).apply(entries(count))
        assert [n for _, n in await applied(db)] == list(range(1, count + 1))
        assert await dead_letters.listing(db, include_settled=True, limit=10) == []
        assert sizes == [count, count // 2, count // 2]
    finally:
        await db.close()


@pytest.mark.parametrize(
    ("make", "reason"), [(malformed, "specversion"), (unknown, "unknown_type")], ids=["malformed", "unknown"]
)
async def test_the_access_mirror_stops_on_a_state_it_cannot_read_until_somebody_discards_it(
    chassis_db: Database, make: Callable[[int], Entry], reason: str
) -> None:
    mirror = mirror_consumer()
    for _ in range(2):  # a restart changes nothing
        with pytest.raises(Halted):
            await applier(chassis_db, mirror).apply([ended(3), make(4), ended(5)])
        assert await reached(chassis_db) == 4
    (letter,) = await dead_letters.listing(chassis_db, include_settled=False, limit=10)
    assert (letter.consumer, letter.reason, letter.condition) == (CONSUMER, reason, "blocking")
    await dead_letters.discard(chassis_db, letter.dead_letter_id)
    await applier(chassis_db, mirror).apply([make(4), ended(5)])
    assert await reached(chassis_db) == 6


async def test_a_release_that_can_read_the_state_goes_on_and_settles_what_blocked(
    chassis_db: Database,
) -> None:
    with pytest.raises(Halted):
        await applier(chassis_db, mirror_consumer()).apply([unknown(4)])
    await applier(chassis_db, mirror_consumer()).apply([ended(4)])
    (letter,) = await dead_letters.listing(chassis_db, include_settled=True, limit=10)
    assert letter.condition == "replayed"


async def test_what_is_no_state_stops_nobody(chassis_db: Database) -> None:
    await make_table(chassis_db)
    strict = consumer(Policy.STOP)
    await applier(chassis_db, strict).apply([malformed(1, CRISES.name), *entries(2)[1:]])
    await applier(chassis_db, mirror_consumer()).apply([malformed(7, REGISTRY_PROGRESS.name)])
    assert [n for _, n in await applied(chassis_db)] == [2]
    letters = await dead_letters.listing(chassis_db, include_settled=False, limit=10)
    assert [letter.condition for letter in letters] == ["waiting", "waiting"]


class Refused(Exception):
    """The event cannot be applied."""


def refusing(refused: set[int], policy: Policy) -> Consumer:
    async def handle(tx: Transaction, batch: Sequence[Received]) -> None:
        if any(event.envelope.sequence in refused for event in batch):
            raise Refused
        await write_applied(tx, batch)

    return consumer(policy, handle)


async def test_replaying_a_blocking_event_that_was_applied_meanwhile_applies_it_once(
    chassis_db: Database,
) -> None:
    await make_table(chassis_db)
    refused = {1}
    stopping, batch = refusing(refused, Policy.STOP), entries(1)
    with pytest.raises(Halted):
        await applier(chassis_db, stopping).apply(batch)
    (letter,) = await dead_letters.listing(chassis_db, include_settled=False, limit=10)
    refused.clear()
    assert await dead_letters.replay(chassis_db, [stopping], letter.dead_letter_id) == 1
    await chassis_db.unit_of_work(lambda tx: tx.execute("UPDATE dead_letters SET condition = 'blocking'"))
    assert await dead_letters.replay(chassis_db, [stopping], letter.dead_letter_id) == 0
    await applier(chassis_db, stopping).apply(batch)
    assert [n for _, n in await applied(chassis_db)] == [1]


async def test_discarding_an_event_releases_those_that_waited_behind_it(chassis_db: Database) -> None:
    await make_table(chassis_db)
    parking = refusing({1}, Policy.PARK)
    await applier(chassis_db, parking).apply(batch := entries(3))
    (letter,) = await dead_letters.listing(chassis_db, include_settled=False, limit=10)
    assert await dead_letters.discard(chassis_db, letter.dead_letter_id, [parking]) == 2
    key = batch[0].raw.key or b""
    await applier(chassis_db, parking).apply([entry(9, *raw(opened(key.decode(), 4)))])
    assert [n for _, n in await applied(chassis_db)] == [2, 3, 4]
    assert await dead_letters.listing(chassis_db, include_settled=False, limit=10) == []


async def test_a_follower_that_cannot_be_applied_either_takes_the_place_of_the_discarded_one(
    chassis_db: Database,
) -> None:
    await make_table(chassis_db)
    parking = refusing({1, 2}, Policy.PARK)
    await applier(chassis_db, parking).apply(entries(3))
    (first,) = await dead_letters.listing(chassis_db, include_settled=False, limit=10)
    with pytest.raises(Refused):
        await dead_letters.discard(chassis_db, first.dead_letter_id, [parking])
    (second,) = await dead_letters.listing(chassis_db, include_settled=False, limit=10)
    assert (second.reason, second.condition) == ("parked", "waiting")
    assert await dead_letters.discard(chassis_db, second.dead_letter_id, [parking]) == 1
    assert [n for _, n in await applied(chassis_db)] == [3]
