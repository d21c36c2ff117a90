"""Stop cards on a live board: told when a stream begins, told again when an order comes or goes."""

import json
from collections.abc import AsyncIterator, Callable
from uuid import UUID

import httpx
import pytest

from imece_chassis.database import Database
from tests.boards.lines import Line, opened, stopping
from tests.boards.serving import Served, served
from tests.http.board.test_stream import reading
from tests.waiting import wait_until

CRISIS, ORDER = UUID(int=31), UUID(int=7)
ISSUED, LAPSED = stopping(CRISIS, ORDER)


@pytest.fixture
async def live(database: Callable[[str], str]) -> AsyncIterator[Served]:
    connected = await Database.connect(database("crisis"), application="test", max_size=6)
    async with served(connected) as board:
        await board.apply(opened(CRISIS))
        yield board
    await connected.close()


async def test_a_stop_comes_and_goes_on_an_open_stream_without_a_change_of_any_line(live: Served) -> None:
    async with reading(live) as reader:
        assert (await reader.next()).event == "hello"
        assert await reader.data("stops") == {"stops": []}
        await live.apply(ISSUED)
        event = await reader.next("stops")
        assert event.id in {"", "0"}, "a reader resumes where changes and ticks left it"
        (stop,) = json.loads(event.data)["stops"]
        assert (stop["order"], stop["item"], stop["area"]) == (str(ORDER), "SHL-TENT-FAM", ["TUR031"])
        assert stop["words"]["tr"] == {
            "what": "Aile çadırı 16 m²",
            "where": "Hatay",
            "until": "9 Şub 15:00",
            "depot": "Adana",
        }
        assert stop["words"].keys() == {"tr", "en", "ar"}
        await live.apply(LAPSED)
        assert await reader.data("stops") == {"stops": []}


async def test_a_stream_that_was_away_begins_with_what_is_stopped_now(live: Served) -> None:
    await live.apply(ISSUED)
    async with reading(live, after=0) as reader:
        (stop,) = (await reader.data("stops"))["stops"]
        assert stop["order"] == str(ORDER)
        await live.apply(Line(CRISIS).open())
        assert (await reader.next("change", "stops")).event == "change", "nothing is said twice"


async def test_a_reader_behind_a_proxy_hears_of_stops_with_the_answers(live: Served) -> None:
    await live.apply(Line(CRISIS).open())

    async def said() -> list[str]:
        async with httpx.AsyncClient() as client:
            answer = await client.get(live.address(CRISIS, "/board/changes"), params={"after": 0})
        return [stop["order"] for stop in answer.json()["stops"]]

    await wait_until(lambda: _equals(said, []))
    await live.apply(ISSUED)
    await wait_until(lambda: _equals(said, [str(ORDER)]))


async def _equals(said: Callable[[], object], expected: list[str]) -> bool:
    return await said() == expected  # type: ignore[misc]
