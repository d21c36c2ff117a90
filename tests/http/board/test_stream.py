"""The live protocol on a real socket."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from httpx_sse import EventSource, ServerSentEvent, aconnect_sse

from imece_chassis.database import Database
from tests.boards.lines import Line, history, opened
from tests.boards.serving import BEAT_SECONDS, Served, mark, served
from tests.waiting import wait_until

CRISIS = UUID(int=31)


@pytest.fixture
async def live(database: Callable[[str], str]) -> AsyncIterator[Served]:
    connected = await Database.connect(database("crisis"), application="test", max_size=6)
    async with served(connected) as board:
        await board.apply(opened(CRISIS))
        yield board
    await connected.close()


class Reader:
    """One open stream, read event by event."""

    def __init__(self, source: EventSource) -> None:
        self.source = source
        self._events = source.aiter_sse()

    async def next(self, *names: str) -> ServerSentEvent:
        """The next event, or the next with one of these names."""
        async with asyncio.timeout(10):
            while True:
                event = await anext(self._events)
                if not names or event.event in names:
                    return event

    async def data(self, *names: str) -> dict[str, Any]:
        return json.loads((await self.next(*names)).data)

    async def is_over(self) -> bool:
        async with asyncio.timeout(10):
            return [event async for event in self._events] == []


@asynccontextmanager
async def reading(board: Served, last_event_id: int | None = None, **query: Any) -> AsyncGenerator[Reader]:
    headers = {} if last_event_id is None else {"last-event-id": str(last_event_id)}
    async with (
        httpx.AsyncClient(timeout=15, verify=False) as client,
        aconnect_sse(
            client, "GET", board.address(CRISIS, "/board/stream"), params=query, headers=headers
        ) as source,
    ):
        yield Reader(source)


async def snapshot(board: Served, **query: Any) -> dict[str, Any]:
    async with httpx.AsyncClient() as client:
        return (await client.get(board.address(CRISIS, "/board"), params=query)).json()


async def test_a_stream_begins_with_hello_and_beats(live: Served) -> None:
    await mark(live.database, timedelta(seconds=3))
    async with reading(live) as reader:
        assert reader.source.response.headers["cache-control"] == "no-store"
        assert reader.source.response.headers["x-accel-buffering"] == "no"
        hello = await reader.next()
        assert hello.event == "hello"
        assert 1_000 <= (hello.retry or 0) <= 8_000
        facts = json.loads(hello.data)
        assert facts["beat_ms"] == BEAT_SECONDS * 1000
        assert facts["head"] == facts["floor"] == 0
        tick = await reader.data("tick")
        assert tick["head"] == 0
        tick = await reader.data("tick") if tick["fresh_at"] is None else tick
        age = datetime.fromisoformat(tick["server_time"]) - datetime.fromisoformat(tick["fresh_at"])
        assert timedelta(seconds=2.9) < age < timedelta(seconds=8), "age counts from the commit"


async def test_a_change_arrives_whole_with_its_number(live: Served) -> None:
    line = Line(CRISIS)
    async with reading(live) as reader:
        await reader.next("hello")
        await live.apply(line.open())
        event = await reader.next("change")
        change = json.loads(event.data)
        assert (event.id, change["from"], change["to"]) == ("1", 0, 1)
        assert change["cards"][0]["line"] == str(line.id)
        assert change["totals"]["open"] == 1
        assert change["provinces"] == {"TUR031": 1}
        await live.apply(line.hold(200, UUID(int=8)))
        change = await reader.data("change")
        assert change["cards"][0]["held"] == "200"
        assert change["cards"][0]["gap"] == "800"
        assert change["what"][0]["type"] == "crisis.allocation.held"
        assert change["what"][0]["qty"] == "200"


async def test_a_cut_reader_resumes_and_sees_what_one_that_stayed_saw(live: Served) -> None:
    lines = [Line(CRISIS) for _ in range(4)]
    await live.apply(*(line.open() for line in lines))
    async with reading(live, after=4) as reader:
        await reader.next("hello")
        await live.apply(lines[0].hold(10))
        last = int((await reader.next("change")).id)
    for line in lines[1:]:
        await live.apply(line.hold(20))
    # The browser repeats the first URL and adds the header, which wins.
    async with reading(live, last_event_id=last, after=0) as reader:
        await reader.next("hello")
        seen: set[str] = set()
        while last < 4 + len(lines):  # what the hub has not read yet follows in frames of its own
            change = await reader.data("change")
            assert change["from"] == last
            seen |= {card["line"] for card in change["cards"]}
            last = change["to"]
        assert seen == {str(line.id) for line in lines[1:]}
        assert last == (await snapshot(live))["as_of"]


async def test_a_reader_that_is_up_to_date_gets_no_change(live: Served) -> None:
    await live.apply(Line(CRISIS).open())
    page = await snapshot(live)
    async with reading(live, epoch=page["epoch"], after=page["as_of"]) as reader:
        assert (await reader.next()).event == "hello"
        assert (await reader.next("change", "tick")).event == "tick"


@pytest.mark.parametrize(
    ("query", "reason"),
    [({"after": 99}, "ahead"), ({"after": 0, "epoch": str(UUID(int=5))}, "epoch"), ({"after": "x"}, "ahead")],
)
async def test_a_reader_that_cannot_go_on_is_told_to_start_again(
    live: Served, query: dict[str, Any], reason: str
) -> None:
    async with reading(live, **query) as reader:
        assert (await reader.next()).event == "hello"
        assert await reader.data("reset") == {"reason": reason}
        assert await reader.is_over()


async def test_a_reader_older_than_the_memory_is_told_to_start_again(live: Served) -> None:
    for event in history(CRISIS, lines=3, events=12):
        await live.apply(event)

    async def forget(tx: Any) -> None:
        await tx.execute("DELETE FROM board.board_change WHERE seq <= 5")
        await tx.execute("UPDATE board.board_head SET floor = 5")

    await live.database.unit_of_work(forget)
    async with reading(live, after=4) as reader:
        assert (await reader.data("hello"))["floor"] == 5
        assert await reader.data("reset") == {"reason": "too_old"}


async def test_a_rebuild_resets_every_open_stream(live: Served) -> None:
    from crisis import board

    async def nothing() -> AsyncIterator[list[Any]]:
        for batch in ():
            yield batch

    await live.apply(Line(CRISIS).open())
    async with reading(live) as reader:
        await reader.next("hello")
        await board.rebuild(live.database, nothing())
        assert await reader.data("reset") == {"reason": "epoch"}
        assert await reader.is_over()
    await wait_until(lambda: live.hub.viewers == 0)


async def test_a_province_hears_only_of_itself_and_still_moves_on(live: Served) -> None:
    here, there = Line(CRISIS), Line(CRISIS, district="TUR046001")
    async with reading(live, scope="TUR046") as reader:
        await reader.next("hello")
        await live.apply(here.open())
        tick = await reader.next("tick", "change")
        while json.loads(tick.data)["head"] != 1:
            assert tick.event == "tick"
            tick = await reader.next("tick", "change")
        await live.apply(there.open())
        change = await reader.data("change")
        assert [card["line"] for card in change["cards"]] == [str(there.id)]
        assert change["totals"]["open"] == 1


async def test_a_burst_reaches_a_reader_merged(live: Served) -> None:
    lines = [Line(CRISIS) for _ in range(20)]
    await live.apply(*(line.open() for line in lines))
    frames = 0
    async with reading(live, after=20) as reader:
        await reader.next("hello")

        async def write() -> None:
            for _ in range(30):
                await live.apply(*(line.hold(1) for line in lines))

        writing = asyncio.create_task(write())
        seq = 20
        while seq < 620:
            change = await reader.data("change")
            assert change["from"] == seq
            assert len({card["line"] for card in change["cards"]}) == len(change["cards"])
            seq, frames = change["to"], frames + 1
        await writing
    assert frames < 30


async def test_hello_is_not_the_end_of_what_happened_while_it_was_sent(live: Served) -> None:
    line = Line(CRISIS, needed=10**6)
    await live.apply(line.open())

    async def one(after: int) -> int:
        async with reading(live, after=after) as reader:
            await reader.next("hello")
            seq = after
            while seq < 41:
                event = await reader.next("change", "tick")
                data = json.loads(event.data)
                if event.event == "change":
                    assert data["from"] <= seq
                    seq = data["to"]
            return seq

    readers = [asyncio.create_task(one(1)) for _ in range(10)]
    for _ in range(40):
        await live.apply(line.hold(1))
        readers.append(asyncio.create_task(one(1)))
    assert set(await asyncio.gather(*readers)) == {41}


async def test_a_reader_that_stops_reading_is_closed_and_others_go_on(database: Callable[[str], str]) -> None:
    connected = await Database.connect(database("crisis"), application="test")
    async with served(connected, slow_after_seconds=1.0) as live:
        lines = [Line(CRISIS, needed=10**6) for _ in range(400)]
        await live.apply(opened(CRISIS), *(line.open() for line in lines))
        host, port = live.url.removeprefix("http://").split(":")
        with socket.socket() as stuck:
            stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            stuck.setblocking(False)
            loop = asyncio.get_running_loop()
            await loop.sock_connect(stuck, (host, int(port)))
            request = f"GET /c/{CRISIS}/board/stream HTTP/1.1\r\nHost: {host}\r\n\r\n"
            await loop.sock_sendall(stuck, request.encode())
            await wait_until(lambda: live.hub.viewers == 1)
            async with reading(live) as reader:
                await reader.next("hello")

                async def read() -> None:
                    while True:
                        await reader.next("change")

                other = asyncio.create_task(read())
                while live.hub.viewers == 2:
                    await live.apply(*(line.hold(1) for line in lines))
                assert live.hub.viewers == 1, "only the stuck one was closed"
                await live.apply(lines[0].hold(1))
                assert not other.done()
                other.cancel()
    await connected.close()


async def test_a_storm_of_disconnects_leaves_no_viewer_and_reads_the_board_once(live: Served) -> None:
    await live.apply(*(Line(CRISIS).open() for _ in range(5)))

    async def come_and_go() -> None:
        async with reading(live) as reader:
            await reader.next("hello")

    for _ in range(3):
        await asyncio.gather(*(come_and_go() for _ in range(60)))
    await wait_until(lambda: live.hub.viewers == 0)
    assert live.source.loads == 1


async def test_a_deploy_says_goodbye_and_spreads_the_return(live: Served) -> None:
    async with reading(live) as one, reading(live) as two:
        await one.next("hello")
        await two.next("hello")
        await live.stop_hub()
        byes = [await one.data("bye"), await two.data("bye")]
        assert {bye["reason"] for bye in byes} == {"deploy"}
        assert all(0 <= bye["after_ms"] < 8_000 for bye in byes)
    live.start_hub()
    async with reading(live, after=0) as reader:
        assert (await reader.next()).event == "hello"


async def test_changes_are_found_by_the_poll_when_no_notification_comes(live: Served) -> None:
    async with reading(live) as reader:
        await reader.next("hello")

        async def deaf(tx: Any) -> None:
            # The session that listens is gone, as after a failover.
            await tx.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE query LIKE 'LISTEN%' AND datname = current_database()"
            )

        await live.database.unit_of_work(deaf)
        await live.apply(Line(CRISIS).open())
        assert (await reader.data("change"))["to"] == 1


async def test_long_polling_carries_the_same_changes(live: Served) -> None:
    line = Line(CRISIS)
    await live.apply(line.open())
    async with httpx.AsyncClient(timeout=30) as client:
        ask = client.get(live.address(CRISIS, "/board/changes"), params={"after": 1})
        waiting = asyncio.create_task(ask)
        await wait_until(lambda: not waiting.done())
        await live.apply(line.hold(300))
        answer = (await waiting).json()
        assert answer["reset"] is None
        assert answer["change"]["to"] == 2
        assert answer["change"]["cards"][0]["held"] == "300"
        behind = await client.get(live.address(CRISIS, "/board/changes"), params={"after": 77})
        assert behind.json()["reset"] == "ahead"


async def test_too_many_openings_at_once_are_sent_away(database: Callable[[str], str]) -> None:
    connected = await Database.connect(database("crisis"), application="test")
    async with served(connected, admitted_per_second=0.01) as live, httpx.AsyncClient() as client:
        await live.apply(opened(CRISIS))
        while live.hub.admit():
            pass
        answer = await client.get(live.address(CRISIS, "/board/stream"))
        assert answer.status_code == 503
        assert answer.json()["code"] == "too_many_streams"
        assert int(answer.headers["retry-after"]) >= 1
    await connected.close()
