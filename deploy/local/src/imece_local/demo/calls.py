"""Calls of the demonstrations: through the public APIs, each with an idempotency key of its run.

A call repeated after a cut connection has one effect. What the system asks to wait for is waited for.
"""

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

ATTEMPTS = 5
PASSING = (401, 403, 409, 429, 503)
"""A new key is not known everywhere at once; 429 and 503 say when to come back."""
LONGEST_WAIT = 30.0
Answer = dict[str, Any]


class DemoFailed(RuntimeError):
    """The system answered something the story cannot go on from."""


@dataclass(frozen=True)
class Stage:
    """Where the demo plays: base URLs, the secretariat's key, the run's name (prefix of idempotency keys)."""

    registry: str
    crisis: str
    secretariat_key: str
    run: str
    speed: float
    say: Callable[[str], None]


@dataclass
class Calls:
    """One run's calls; `waited` counts how often the system asked to wait, `pause` takes seconds."""

    client: httpx.AsyncClient
    run: str
    waited: int = 0
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def post(self, url: str, key: str, ref: str, body: Answer, allow: Collection[int] = ()) -> Answer:
        """The answer to one command; `allow` are refusals the story knows what to do with.

        Raises DemoFailed with the last answer.
        """
        headers = {"idempotency-key": f"{self.run}-{ref}", "content-type": "application/json"}
        response = await self._sent("POST", url, key, headers, json.dumps(body).encode(), allow)
        return dict(response.json())

    async def bulk(self, url: str, key: str, lines: Sequence[tuple[str, Answer]]) -> list[Answer]:
        """Many commands in one call, (ref, body) each; one result with `status` and `body` for each.

        A line the system could not take for a moment is sent again with its key. Raises DemoFailed.
        """
        results: list[Answer | None] = [None] * len(lines)
        for attempt in itertools.count(1):
            open_ = [at for at, result in enumerate(results) if result is None]
            text = "\n".join(
                json.dumps({**lines[at][1], "idempotency_key": f"{self.run}-{lines[at][0]}"}) for at in open_
            )
            headers = {"content-type": "application/x-ndjson"}
            response = await self._sent("POST", url, key, headers, text.encode(), ())
            for at, result in zip(open_, response.json()["results"], strict=True):
                is_passing = result["status"] in (429, 503) or _is_running(result)
                results[at] = None if is_passing else result
            if None not in results:
                return [result for result in results if result is not None]
            if attempt >= ATTEMPTS:
                raise DemoFailed(f"{url}: lines were refused {attempt} times")
            self.waited += 1
            await self.pause(attempt)
        raise AssertionError("unreachable")

    async def get(self, url: str, key: str, **query: str) -> Answer:
        """One document. Raises DemoFailed."""
        response = await self._sent("GET", str(httpx.URL(url, params=query)), key, {}, None, ())
        return dict(response.json())

    async def all(self, url: str, key: str, **query: str) -> list[Answer]:
        """Every item of a list, page after page. Raises DemoFailed."""
        items: list[Answer] = []
        cursor: dict[str, str] = {}
        while True:
            page = await self.get(url, key, **query, **cursor, limit="200")
            items += page["items"]
            if not page["has_more"]:
                return items
            cursor = {"cursor": page["next_cursor"]}

    async def _sent(
        self,
        method: str,
        url: str,
        key: str,
        headers: Mapping[str, str],
        content: bytes | None,
        allow: Collection[int],
    ) -> httpx.Response:
        bearer = {"authorization": f"Bearer {key}", **headers}
        for attempt in itertools.count(1):
            try:
                response = await self.client.request(method, url, content=content, headers=bearer)
            except httpx.TransportError as error:
                if attempt >= ATTEMPTS:
                    raise DemoFailed(f"{url}: {error!r}") from error
                await self.pause(attempt * 0.5)
                continue
            if response.is_success or response.status_code in allow:
                return response
            if response.status_code not in PASSING or attempt >= ATTEMPTS:
                raise DemoFailed(f"{url} answered {response.status_code}: {response.text[:400]}")
            self.waited += response.status_code in (429, 503)
            await self.pause(max(attempt * 0.5, asked_to_wait(response)))
        raise AssertionError("unreachable")


def asked_to_wait(response: httpx.Response) -> float:
    """Seconds of a Retry-After header, at most LONGEST_WAIT; 0 without one."""
    stated = response.headers.get("retry-after", "")
    return min(float(stated), LONGEST_WAIT) if stated.isdigit() else 0.0


def _is_running(result: Answer) -> bool:
    return result["status"] == 409 and result["body"].get("code") == "idempotency_key_running"
