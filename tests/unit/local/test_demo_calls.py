"""Calls of the demos wait when they are asked to, and repeat a command with its key until it is decided."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from imece_local.demo.calls import Calls, DemoFailed, asked_to_wait
from imece_local.demo.failing import said_by

URL = "http://demo/things"
Answering = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
async def calls() -> AsyncIterator[Callable[[Answering], Calls]]:
    """Calls answered by a function; every pause takes one turn of the loop."""
    clients: list[httpx.AsyncClient] = []

    def answered_by(answer: Answering) -> Calls:
        clients.append(httpx.AsyncClient(transport=httpx.MockTransport(answer)))
        return Calls(clients[-1], "run", pause=lambda seconds: asyncio.sleep(0))

    yield answered_by
    for client in clients:
        await client.aclose()


async def test_a_command_the_system_is_too_busy_for_is_sent_again_with_its_key(
    calls: Callable[[Answering], Calls],
) -> None:
    keys: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["idempotency-key"])
        return httpx.Response(201, json={"id": 1}) if len(keys) > 1 else httpx.Response(429)

    made = calls(answer)
    assert await made.post(URL, "key", "need-1", {}) == {"id": 1}
    assert (keys, made.waited) == (["run-need-1", "run-need-1"], 1)


async def test_a_refusal_the_story_knows_is_an_answer_and_another_ends_it(
    calls: Callable[[Answering], Calls],
) -> None:
    made = calls(lambda request: httpx.Response(422, json={"code": "gap_exceeded"}))
    assert (await made.post(URL, "key", "a", {}, allow={422}))["code"] == "gap_exceeded"
    with pytest.raises(DemoFailed, match="gap_exceeded"):
        await made.post(URL, "key", "b", {})


async def test_lines_of_a_bulk_that_found_no_room_go_again_alone(calls: Callable[[Answering], Calls]) -> None:
    bulks: list[list[str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        lines: list[dict[str, Any]] = [json.loads(line) for line in request.content.split(b"\n")]
        bulks.append([line["idempotency_key"] for line in lines])
        first = len(bulks) == 1
        results = [
            {"status": 503 if first and line["n"] == 2 else 201, "body": {"n": line["n"]}} for line in lines
        ]
        return httpx.Response(207, json={"results": results})

    made = calls(answer)
    results = await made.bulk(URL, "key", [(f"p-{n}", {"n": n}) for n in (1, 2, 3)])
    assert [result["body"]["n"] for result in results] == [1, 2, 3]
    assert bulks == [["run-p-1", "run-p-2", "run-p-3"], ["run-p-2"]]


async def test_a_list_is_read_to_its_end(calls: Callable[[Answering], Calls]) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        query = dict(request.url.params)
        assert (query["state"], query["limit"]) == ("held", "200")
        if "cursor" in query:
            return httpx.Response(200, json={"items": [2], "has_more": False, "next_cursor": None})
        return httpx.Response(200, json={"items": [1], "has_more": True, "next_cursor": "further"})

    assert await calls(answer).all(URL, "key", state="held") == [1, 2]


@pytest.mark.parametrize(("stated", "seconds"), [("7", 7.0), ("900", 30.0), ("tomorrow", 0.0), (None, 0.0)])
def test_retry_after_is_kept_within_reason(stated: str | None, seconds: float) -> None:
    headers = {"retry-after": stated} if stated else {}
    assert asked_to_wait(httpx.Response(429, headers=headers)) == seconds


def test_only_refusals_are_told_and_defects_are_not_hidden() -> None:
    refused = DemoFailed("no")
    assert said_by(BaseExceptionGroup("both", [refused, ExceptionGroup("inner", [refused])])) == "no"
    assert said_by(BaseExceptionGroup("both", [refused, KeyError("x")])) is None
    assert said_by(KeyError("x")) is None
