"""The process that serves the boards dies (C11): streams drop, and readers end with the true board."""

import json
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import httpx

from tests.faults.lab import Lab
from tests.waiting import wait_until

COMMANDS = 30


class Reader:
    """A reader of the stream as a browser would be: it folds changes into cards and knows where it stands."""

    def __init__(self, lab: Lab) -> None:
        self._place = f"{lab.system.url('crisis')}/c/{lab.scenario.crisis_id}/board"
        self.cards: dict[str, Any] = {}
        self.seen: list[int] = []
        self.resets = 0
        self._epoch = ""
        self._lines: AsyncIterator[str]

    @property
    def at(self) -> int:
        return self.seen[-1]

    async def load(self, http: httpx.AsyncClient) -> None:
        """Begin from a snapshot."""
        board = await self.snapshot(http)
        self.cards = {card["line"]: card for card in board["cards"]}
        self.seen, self._epoch = [board["as_of"]], board["epoch"]

    async def snapshot(self, http: httpx.AsyncClient) -> dict[str, Any]:
        answer = await http.get(self._place)
        assert answer.status_code == 200, answer.text
        return answer.json()

    @asynccontextmanager
    async def stream(self, http: httpx.AsyncClient) -> AsyncIterator[None]:
        """Open the stream where this reader stands; raises AssertionError while it cannot be opened."""
        place, resume = f"{self._place}/stream?epoch={self._epoch}", {"last-event-id": str(self.at)}
        async with http.stream("GET", place, headers=resume) as answer:
            assert answer.status_code == 200
            self._lines = answer.aiter_lines()
            yield

    async def until(self, head: int, http: httpx.AsyncClient) -> None:
        """Read events until this reader stands at `head`; a reset is answered as a browser answers it."""
        while self.at < head:
            name, data = await self._event()
            if name == "reset":
                self.resets += 1
                await self.load(http)
                return
            if name == "change":
                change = json.loads(data)
                assert change["from"] == self.at, f"a gap: {change['from']} after {self.at}"
                self.cards |= {card["line"]: card for card in change["cards"]}
                self.seen.append(change["to"])

    async def until_cut(self, http: httpx.AsyncClient) -> None:
        """Read to the end of a stream that somebody else ends."""
        with suppress(httpx.TransportError, StopAsyncIteration):
            await self.until(sys.maxsize, http)

    async def _event(self) -> tuple[str, str]:
        name = data = ""
        async for line in self._lines:
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                data = line.removeprefix("data: ")
            elif not line and name:
                return name, data
        raise StopAsyncIteration


async def test_readers_of_a_killed_hub_resume_where_they_stood_and_end_with_the_true_board(lab: Lab) -> None:
    async with httpx.AsyncClient(timeout=60) as http, lab.commands() as load:
        reader = Reader(lab)
        await reader.load(http)
        start = reader.at
        async with reader.stream(http):
            await load.commands(COMMANDS)
            await reader.until(start + 1, http)
            await lab.system.kill("crisis-api")
            await reader.until_cut(http)
        await lab.system.restart("crisis-api")
        await load.commands(COMMANDS)
        await lab.check()
        head = await wait_until(lambda: _head(lab, reader, http), 30, 0.1, "the hub has read all")
        assert head is not None
        while reader.at < head:
            async with reader.stream(http):
                await reader.until(head, http)
        truth = await reader.snapshot(http)
    assert reader.seen == sorted(set(reader.seen))
    assert reader.cards == {card["line"]: card for card in truth["cards"]}


async def test_a_hub_that_dies_with_a_frame_half_delivered_leaves_no_reader_a_gap_or_a_repeat(
    lab: Lab,
) -> None:
    readers = [Reader(lab) for _ in range(3)]
    await lab.system.restart(
        "crisis-api", FP="hub.kill:crash@#5"
    )  # in the second frame, behind the second of three
    async with httpx.AsyncClient(timeout=60) as http, AsyncExitStack() as streams:
        for reader in readers:
            await reader.load(http)
            await streams.enter_async_context(reader.stream(http))
        async with lab.load(COMMANDS):
            await lab.system.crashed("crisis-api")
            for reader in readers:
                await reader.until_cut(http)
            stood = {reader.at for reader in readers}
            await lab.system.restart("crisis-api", FP="")
        assert len(stood) == 2, "some had the last frame, some had not"
        await lab.check()
        head = await wait_until(lambda: _head(lab, readers[0], http), 30, 0.1, "the hub has read all")
        assert head is not None
        for reader in readers:
            async with reader.stream(http):
                await reader.until(head, http)
        truth = await readers[0].snapshot(http)
    for reader in readers:
        assert reader.resets == 0 and reader.seen == sorted(set(reader.seen))
        assert reader.cards == {card["line"]: card for card in truth["cards"]}


async def _head(lab: Lab, reader: Reader, http: httpx.AsyncClient) -> int | None:
    """Where the board stands, once the hub stands there too."""
    async with lab.system.checker("crisis") as connection:
        head = await connection.fetchval(
            "SELECT seq FROM board.board_head WHERE crisis_id = $1", lab.scenario.crisis_id
        )
    return head if (await reader.snapshot(http))["as_of"] == head else None
