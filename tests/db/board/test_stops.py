"""Stop cards: a board shows what nobody should send while its order is in force, in any order of events."""

import itertools
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from crisis.board.source import DatabaseSource
from crisis.board.stop_cards import StopCard, cards
from crisis.board.stops import Stop
from imece_chassis.database import Database
from imece_contracts.crisis import (
    SaturationOrderConfirmed,
    SaturationOrderIssued,
    SaturationOrderLapsed,
)
from tests.boards.lines import of_order, opened
from tests.boards.serving import apply

CRISIS, ORDER = UUID(int=31), UUID(int=7)
UNTIL = datetime(2026, 2, 9, 12, tzinfo=UTC)
TERMS: dict[str, Any] = {
    "order": ORDER,
    "item": "SHL-TENT-FAM",
    "area": ("TUR031", "TUR046003"),
    "until": UNTIL,
    "reason": "enough_here",
    "depot_district": "TUR001",
}
ISSUED = SaturationOrderIssued(**TERMS, provisional_until=UNTIL)
CONFIRMED = SaturationOrderConfirmed(**TERMS)
LAPSED = SaturationOrderLapsed(**TERMS, lapse_reason="ended")


STORY = [of_order(CRISIS, ORDER, at, event) for at, event in enumerate((ISSUED, CONFIRMED, LAPSED), 1)]


@pytest.fixture
async def db(database: Callable[[str], str]) -> AsyncIterator[Database]:
    connected = await Database.connect(database("crisis"), application="test", max_size=4)
    yield connected
    await connected.close()


async def shown(db: Database) -> tuple[Stop, ...]:
    overview = await DatabaseSource(db).overview()
    return next(each.stops for each in overview.crises if each.crisis == CRISIS)


async def test_a_stop_shows_from_its_order_to_its_lapse(db: Database):
    await apply(db, [opened(CRISIS)])
    assert await shown(db) == ()
    await apply(db, STORY[:1])
    (stop,) = await shown(db)
    assert (stop.item, stop.area, stop.is_provisional) == ("SHL-TENT-FAM", ("TUR031", "TUR046003"), True)
    await apply(db, STORY[1:2])
    (stop,) = await shown(db)
    assert not stop.is_provisional
    await apply(db, STORY[2:])
    assert await shown(db) == ()


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
async def test_repeats_and_late_events_change_nothing(db: Database, order: tuple[int, ...]):
    await apply(db, [opened(CRISIS)])
    for at in (*order, *order):
        await apply(db, [STORY[at]])
    assert await shown(db) == ()


def test_a_stop_card_names_goods_and_places_in_the_readers_language():
    stop = Stop(ORDER, None, "BAR", ("TUR031", "TUR046003"), UNTIL, "TUR001", is_provisional=False)
    assert cards([stop], "en") == (StopCard("Shelter", "Hatay, Kahramanmaraş 003", "9 Feb 15:00", "Adana"),)
