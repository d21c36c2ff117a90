import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from prometheus_client import REGISTRY

from crisis import board
from crisis.board import feed, store
from crisis.board.card import Card, card_from
from crisis.board.source import DatabaseSource, Loaded
from crisis.board.tally import Tally, difference
from imece_chassis.consumer import Received
from imece_chassis.database import Database, Transaction
from tests.boards.lines import Line, history, opened
from tests.boards.serving import apply, mark

CRISIS = UUID(int=31)


@pytest.fixture
async def db(database: Callable[[str], str]) -> AsyncIterator[Database]:
    connected = await Database.connect(database("crisis"), application="test", max_size=8)
    yield connected
    await connected.close()


async def loaded(db: Database, crisis: UUID = CRISIS) -> Loaded:
    found = await DatabaseSource(db).load(crisis)
    assert found is not None
    return found


async def hash_of(db: Database, crisis: UUID = CRISIS) -> str:
    async def work(tx: Transaction) -> str:
        return await board.hash(tx, crisis)

    return await db.snapshot(work)


async def rows(db: Database, query: str, *args: Any) -> list[Any]:
    async def work(tx: Transaction) -> list[Any]:
        return await tx.fetch(query, *args)

    return await db.snapshot(work)


def last_states(events: Sequence[Received]) -> dict[UUID, dict[str, Any]]:
    """What the newest event of every line says, read straight from the events."""
    newest: dict[UUID, Received] = {}
    for event in events:
        line = event.data.line.need_line  # pyright: ignore[reportAttributeAccessIssue]
        if line not in newest or newest[line].envelope.sequence < event.envelope.sequence:
            newest[line] = event
    return {
        line: {"gap": event.data.line.gap, "held": event.data.line.H, "label": event.data.line.label}  # pyright: ignore[reportAttributeAccessIssue]
        for line, event in newest.items()
    }


def shown(cards: Sequence[Card]) -> dict[UUID, dict[str, Any]]:
    return {card.line: {"gap": card.gap, "held": card.held, "label": card.label} for card in cards}


async def test_a_batch_leaves_every_line_in_its_newest_state(db: Database) -> None:
    events = history(CRISIS, lines=12, events=200)
    await apply(db, events)
    found = await loaded(db)
    assert shown(found.cards) == last_states(events)
    assert found.seq == 12, "one change for each line of the batch"


async def test_batches_of_any_size_and_repeats_give_the_same_board(db: Database) -> None:
    events = history(CRISIS, lines=10, events=120)
    await apply(db, events)
    at_once = await hash_of(db)
    await board.rebuild(db, _batches([]))
    rng = random.Random(4)
    remaining = list(events)
    while remaining:
        size = rng.randint(1, 9)
        batch, remaining = remaining[:size], remaining[size:]
        await apply(db, [*batch, *rng.choices(events[: len(events) - len(remaining)], k=3)])
    assert await hash_of(db) == at_once
    assert await hash_of(db, uuid4()) != at_once, "a board without cards has another hash"


async def test_the_way_from_event_to_card_is_measured_once_and_only_when_it_is_stored(db: Database) -> None:
    def measured(what: str) -> float:
        return REGISTRY.get_sample_value(f"board_event_to_card_seconds_{what}") or 0.0

    line = Line(CRISIS)
    batch = [opened(CRISIS), line.open(), line.propose(7)]
    count, total = measured("count"), measured("sum")

    async def undone(tx: Transaction) -> None:
        await feed.handle(tx, batch)
        raise LookupError

    with pytest.raises(LookupError):
        await db.unit_of_work(undone)
    assert measured("count") == count
    for _ in range(2):
        await apply(db, batch)
        assert measured("count") == count + 1, "one card, and a repeat changes nothing"
    age = datetime.now(UTC) - batch[-1].envelope.time
    assert 0 <= measured("sum") - total <= age.total_seconds()


async def test_numbers_have_no_holes_when_two_projectors_write_at_once(db: Database) -> None:
    # Two owners of different partitions, as during a rebalance: different lines of one crisis.
    stories = [history(CRISIS, lines=5, events=80, seed=seed) for seed in (1, 2)]

    async def write(events: list[Received]) -> None:
        for batch in _threes(events):
            await apply(db, batch)

    await asyncio.gather(*(write(events) for events in stories))
    found = await loaded(db)
    numbers = [row["seq"] for row in await rows(db, "SELECT seq FROM board.board_change ORDER BY seq")]
    assert numbers == list(range(1, found.seq + 1))
    assert shown(found.cards) == last_states([*stories[0], *stories[1]])
    totals = await rows(db, "SELECT counts FROM board.board_total")
    assert Tally.of(json.loads(totals[0]["counts"])) == difference((None, card) for card in found.cards)


async def test_changes_become_visible_in_the_order_of_their_numbers(db: Database) -> None:
    seen: list[int] = []
    done = asyncio.Event()

    async def watch() -> None:
        while not done.is_set():
            found = await DatabaseSource(db).changes(CRISIS, seen[-1] if seen else 0)
            if found is not None:
                seen.extend(entry.seq for entry in found.entries)

    async def write(seed: int) -> None:
        for event in history(CRISIS, lines=4, events=40, seed=seed):
            await apply(db, [event])

    watching = asyncio.create_task(watch())
    await asyncio.gather(write(1), write(2), write(3))
    done.set()
    await watching
    final = await DatabaseSource(db).changes(CRISIS, seen[-1])
    assert final is not None
    seen.extend(entry.seq for entry in final.entries)
    assert seen == list(range(1, len(seen) + 1)), "a reader that asks 'after n' never misses a number"


async def test_a_snapshot_is_the_board_exactly_as_of_its_number(db: Database) -> None:
    done = asyncio.Event()
    taken: list[Loaded] = []

    async def read() -> None:
        while not done.is_set():
            found = await DatabaseSource(db).load(CRISIS)
            if found is not None:
                taken.append(found)

    reading = asyncio.create_task(read())
    for batch in _threes(history(CRISIS, lines=8, events=150)):
        await apply(db, batch)
    done.set()
    await reading
    changes = (await loaded(db)).entries
    assert len(taken) > 3
    for snapshot in taken:
        replayed = {entry.line: entry.body for entry in changes if entry.seq <= snapshot.seq}
        assert {card.line: card.body for card in snapshot.cards} == replayed


async def test_a_missing_event_parks_the_line_and_its_arrival_heals_it(db: Database) -> None:
    line = Line(CRISIS)
    first, second, third, fourth = line.open(), line.hold(100), line.hold(200), line.propose(50)
    await apply(db, [first, third])
    [card] = (await loaded(db)).cards
    assert (card.parked, card.sequence, card.held) == (True, 1, 0)
    await apply(db, [fourth])
    [card] = (await loaded(db)).cards
    assert (card.parked, card.sequence) == (True, 1)
    assert (await rows(db, "SELECT counts FROM board.board_total"))[0]["counts"].count('"parked": 1') == 1
    await apply(db, [second])
    [card] = (await loaded(db)).cards
    assert (card.parked, card.sequence, card.held, card.proposed) == (False, 4, 300, 50)
    assert await rows(db, "SELECT sequence FROM board.board_waiting") == []


async def test_a_line_met_in_the_middle_claims_nothing(db: Database) -> None:
    line = Line(CRISIS)
    first, second = line.open(), line.hold(100)
    await apply(db, [second])
    [card] = (await loaded(db)).cards
    assert (card.parked, card.sequence, card.needed, card.held) == (True, 0, 0, 0)
    await apply(db, [first])
    [card] = (await loaded(db)).cards
    assert (card.parked, card.sequence, card.held) == (False, 2, 100)


async def test_an_old_event_writes_no_change(db: Database) -> None:
    line = Line(CRISIS)
    events = [line.open(), line.hold(100)]
    await apply(db, events)
    before = (await loaded(db)).seq
    await apply(db, events)
    assert (await loaded(db)).seq == before


async def test_a_rebuild_gives_the_same_hash_under_a_new_epoch(db: Database) -> None:
    events = [opened(CRISIS), *history(CRISIS, lines=10, events=150)]
    for batch in _threes(events):
        await apply(db, batch)
    before, old = await hash_of(db), await loaded(db)
    assert await board.rebuild(db, _batches(_threes(events))) == len(events)
    assert await hash_of(db) == before
    assert (await loaded(db)).epoch != old.epoch


async def test_events_that_arrive_during_a_rebuild_are_not_lost(db: Database) -> None:
    events = history(CRISIS, lines=6, events=120)
    past, present = events[:90], events[90:]
    await apply(db, past)

    async def log_and_live() -> AsyncIterator[Sequence[Received]]:
        # The live projector is ahead of the replay all the time.
        for number, batch in enumerate(_threes(past)):
            await apply(db, present[number : number + 1])
            yield batch
        yield present

    await board.rebuild(db, log_and_live())
    assert shown((await loaded(db)).cards) == last_states(events)


async def test_no_board_claims_to_be_fresh_during_a_rebuild_or_after_one_that_broke_off(db: Database) -> None:
    events = history(CRISIS, lines=3, events=20)
    await apply(db, events)
    await mark(db)
    seen: list[object] = []

    async def breaks_off() -> AsyncIterator[Sequence[Received]]:
        yield events[:5]
        await mark(db)
        seen.append((await DatabaseSource(db).overview()).fresh_at)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await board.rebuild(db, breaks_off())
    seen.append((await DatabaseSource(db).overview()).fresh_at)
    assert seen == [None, None]
    await board.rebuild(db, _batches([events]))
    assert (await DatabaseSource(db).overview()).fresh_at is not None


async def test_changes_out_of_reach_are_removed_and_the_floor_says_so(db: Database) -> None:
    line = Line(CRISIS, needed=10**6)
    await apply(db, [line.open()])

    async def far(tx: Transaction) -> None:
        # As if six thousand changes had been written.
        await tx.execute("UPDATE board.board_head SET seq = $1", store.RETAINED_CHANGES + store.PRUNE_SLACK)

    await db.unit_of_work(far)
    await apply(db, [line.hold(1)])
    found = await loaded(db)
    assert found.floor == found.seq - store.RETAINED_CHANGES
    assert [entry.seq for entry in found.entries] == [found.seq]


async def test_a_batch_is_all_or_nothing(db: Database) -> None:
    line = Line(CRISIS)

    async def failing(tx: Transaction) -> None:
        await feed.handle(tx, [opened(CRISIS), line.open(), line.hold(10)])
        raise RuntimeError("after the handler")

    with pytest.raises(RuntimeError, match="after the handler"):
        await db.unit_of_work(failing)
    for table in ("board_card", "board_change", "board_head", "board_total", "board_crisis", "board_waiting"):
        assert await rows(db, f"SELECT 1 FROM board.{table}") == []


async def test_a_listener_hears_which_crisis_changed_after_the_commit(db: Database) -> None:
    heard: asyncio.Queue[UUID] = asyncio.Queue()
    async with DatabaseSource(db).listen(heard.put_nowait):
        await apply(db, [Line(CRISIS).open()])
        assert await asyncio.wait_for(heard.get(), 5) == CRISIS


async def test_the_name_of_a_crisis_is_kept_from_its_newest_event(db: Database) -> None:
    await apply(db, [opened(CRISIS)])
    overview = await DatabaseSource(db).overview()
    [crisis] = overview.crises
    assert (crisis.number, crisis.title) == (
        "KRZ-2026-0007",
        {"tr": "Hatay depremi", "en": "Hatay earthquake", "ar": "زلزال هاتاي"},
    )
    assert overview.fresh_at is None, "no progress mark has arrived"


async def test_stored_cards_are_canonical_bytes(db: Database) -> None:
    await apply(db, history(CRISIS, lines=5, events=30))
    for row in await rows(db, "SELECT body FROM board.board_card"):
        assert card_from(row["body"]).body.decode() == row["body"]


def _threes(events: Sequence[Received]) -> list[Sequence[Received]]:
    return [events[at : at + 3] for at in range(0, len(events), 3)]


async def _batches(batches: list[Sequence[Received]]) -> AsyncIterator[Sequence[Received]]:
    for batch in batches:
        yield batch
