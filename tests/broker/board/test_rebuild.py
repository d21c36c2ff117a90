"""Lines that miss an event say so, and a board is built again from the log with the same hash."""

from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import pytest

from crisis import board
from crisis.board import feed
from crisis.board.source import DatabaseSource, Loaded
from crisis.settings import Settings
from crisis.wiring import SERVICE
from crisis.wiring.commands import rebuild_board_command
from imece_chassis import dead_letters
from imece_chassis.consumer import Consumer, ConsumerRunner, Received
from imece_chassis.database import Database, Transaction
from imece_contracts.topics import CRISES, LINES
from tests.boards.lines import Line, history, opened
from tests.boards.serving import mark
from tests.messaging.consuming import running
from tests.messaging.topics import raw, write
from tests.platform.kafka import TestTopics
from tests.waiting import wait_until

CRISIS = UUID(int=31)


@pytest.fixture
def url(database: Callable[[str], str]) -> str:
    return database("crisis")


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    connected = await Database.connect(url, application="test")
    yield connected
    await connected.close()


async def test_the_command_brings_every_board_back_with_the_same_hash(
    url: str, db: Database, topics: TestTopics
) -> None:
    events = history(CRISIS, lines=6, events=90)
    write(topics.bootstrap, CRISES.name, [raw(opened(CRISIS).envelope)])
    async with running(projector(db, topics)):
        await written(db, topics, events)
        before, old = await hash_of(db), await loaded(db)
        await execute(db, "UPDATE board.board_card SET body = replace(body::text, '31', '46')::json")
        await execute(db, "DELETE FROM board.board_card WHERE line_id = $1", old.cards[0].line)
        assert await hash_of(db) != before
        async with board.alone(db) as is_alone:
            assert is_alone and await rebuild_board_command(settings(url, topics), []) == 1
        assert await rebuild_board_command(settings(url, topics), []) == 0
        assert await hash_of(db) == before
        assert (await loaded(db)).epoch != old.epoch
        more = Line(CRISIS)
        await written(db, topics, [more.open()])
    await mark(db)
    assert (await DatabaseSource(db).overview()).fresh_at is not None


async def test_a_line_whose_newest_record_is_unreadable_is_parked_at_once_and_after_a_rebuild(
    url: str, db: Database, topics: TestTopics
) -> None:
    line, other = Line(CRISIS), Line(CRISIS)
    write(topics.bootstrap, CRISES.name, [raw(opened(CRISIS).envelope)])
    async with running(projector(db, topics)):
        await written(db, topics, [line.open(), other.open()])
        assert await parked(db) == set()
        key, _, headers = raw(line.hold(100).envelope)
        write(topics.bootstrap, LINES.name, [(key, b"{not json", headers)])
        await wait_until(lambda: is_parked(db, line.id), timeout=30)
        before = await hash_of(db)
        assert await rebuild_board_command(settings(url, topics), []) == 0
        assert await hash_of(db) == before
        assert await parked(db) == {line.id}


async def test_a_failed_event_parks_its_line_until_the_services_own_consumer_replays_it(
    db: Database, topics: TestTopics
) -> None:
    line = Line(CRISIS)
    first, second = line.open(), line.hold(100)

    async def failing(tx: Transaction, batch: Any) -> None:
        if any(received.envelope.id == second.envelope.id for received in batch):
            raise RuntimeError("a planted defect")
        await feed.handle(tx, batch)

    defect = Consumer(
        feed.CONSUMER, feed.consumer().topics, feed.consumer().policy, failing, None, feed.show_incomplete
    )
    async with running(projector(db, topics, defect)):
        await written(db, topics, [first])
        write(topics.bootstrap, LINES.name, [raw(second.envelope)])
        await wait_until(lambda: is_parked(db, line.id), timeout=30)
    [letter] = await dead_letters.listing(db, include_settled=False, limit=5)
    assert not callable(SERVICE.redrive)
    assert await dead_letters.replay(db, list(SERVICE.redrive), letter.dead_letter_id) == 1
    [card] = (await loaded(db)).cards
    assert (card.parked, card.sequence, card.held) == (False, 2, 100)


def projector(db: Database, topics: TestTopics, consumer: Consumer | None = None) -> ConsumerRunner:
    return ConsumerRunner(db, topics.bootstrap, [consumer or feed.consumer()], service="crisis")


def settings(url: str, topics: TestTopics) -> Settings:
    given: dict[str, Any] = {"env": "test", "database_url": url, "kafka_bootstrap": topics.bootstrap}
    return Settings(**given)


async def written(db: Database, topics: TestTopics, events: list[Received]) -> None:
    """Write events and wait until the board has all of them."""
    write(topics.bootstrap, LINES.name, [raw(event.envelope) for event in events])
    newest = {event.envelope.key: event.envelope.sequence for event in events}

    async def are_there() -> bool:
        found = await DatabaseSource(db).load(CRISIS)
        shown = {str(card.line): card.sequence for card in found.cards} if found else {}
        return all(shown.get(key) == sequence for key, sequence in newest.items())

    await wait_until(are_there, timeout=30)


async def loaded(db: Database) -> Loaded:
    found = await DatabaseSource(db).load(CRISIS)
    assert found is not None
    return found


async def parked(db: Database) -> set[UUID]:
    return {card.line for card in (await loaded(db)).cards if card.parked}


async def is_parked(db: Database, line: UUID) -> bool:
    return line in await parked(db)


async def hash_of(db: Database) -> str:
    return await db.snapshot(lambda tx: board.hash(tx, CRISIS))


async def execute(db: Database, statement: str, *values: object) -> None:
    await db.unit_of_work(lambda tx: tx.execute(statement, *values))
