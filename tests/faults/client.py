"""An HTTP client that never guesses: each command is journalled, sent, and repeated until it is decided."""

import asyncio
import json
import random
import time
import uuid
from dataclasses import dataclass
from typing import Any, Self

import httpx

from tests.faults.journal import Journal, Verdict

DECIDE_SECONDS = 60.0
REQUEST_SECONDS = 5.0
NOT_YET = {408, 425, 429}


@dataclass(frozen=True)
class Decision:
    """What finally came of a command. `verdict` "info": still unknown when the time was over."""

    id: int
    verdict: Verdict
    status: int | None
    body: Any

    def expect(self, *statuses: int) -> Any:
        """The body, when the status is one of these (any 2xx without); raises AssertionError else."""
        wanted = self.status in statuses if statuses else self.verdict == "ok"
        assert wanted, f"{self.status}: {self.body}"
        return self.body


class Client:
    """One organisation's key against one service. Commands may overlap."""

    def __init__(self, journal: Journal, base_url: str, key: str, org: str) -> None:
        self.journal, self.org = journal, org
        self._http = httpx.AsyncClient(
            base_url=base_url,
            headers={"authorization": f"Bearer {key}", "accept-language": "en"},
            timeout=REQUEST_SECONDS,
            limits=httpx.Limits(max_connections=32),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._http.aclose()

    async def delete(self, path: str) -> httpx.Response:
        """A command that needs no key of its own, not journalled."""
        return await self._http.delete(path)

    async def get(self, path: str) -> httpx.Response:
        """A plain read, not journalled."""
        return await self._http.get(path)

    async def post(
        self,
        op: str,
        path: str,
        body: Any = None,
        *,
        facts: dict[str, Any] | None = None,
        key: str | None = None,
        within: float = DECIDE_SECONDS,
        from_version: int | None = None,
    ) -> Decision:
        """Run one command until it is decided or `within` seconds are over; only `from_version`, if given."""
        key = key or str(uuid.uuid4())
        raw = json.dumps({} if body is None else body).encode()
        known = {} if facts is None else facts
        number = await self.journal.intent(op, key, "POST", path, self.org, raw, known)
        deadline = time.monotonic() + within
        pause = 0.02
        while True:
            decision = await self._send(number, path, key, raw, from_version)
            if decision.verdict != "info" or time.monotonic() >= deadline:
                return decision
            await _pause(pause * (0.5 + random.random()))
            pause = min(pause * 2, 1.0)

    async def repeat(self, op: str, path: str, body: Any, key: str, number: int) -> Decision:
        """Send a decided command once more under its own key, as another outcome of the same intent."""
        return await self._send(number, path, key, json.dumps({} if body is None else body).encode())

    async def _send(
        self, number: int, path: str, key: str, raw: bytes, from_version: int | None = None
    ) -> Decision:
        headers = {"idempotency-key": f'"{key}"', "content-type": "application/json"}
        if from_version is not None:
            headers["if-match"] = f'"{from_version}"'
        try:
            answer = await self._http.post(path, content=raw, headers=headers)
        except httpx.TransportError:
            await self.journal.outcome(number, "info")
            return Decision(number, "info", None, None)
        verdict = _verdict(answer)
        replayed = answer.headers.get("idempotent-replayed") == "true"
        await self.journal.outcome(number, verdict, answer.status_code, answer.content, replayed)
        return Decision(number, verdict, answer.status_code, _json(answer))


async def _pause(seconds: float) -> None:
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    loop.call_later(seconds, done.set_result, None)
    await done


def _verdict(answer: httpx.Response) -> Verdict:
    if answer.status_code < 300:
        return "ok"
    if answer.status_code >= 500 or answer.status_code in NOT_YET:
        return "info"
    still_running = answer.status_code == 409 and _json(answer).get("code") == "still_running"
    return "info" if still_running else "fail"


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json() if answer.content else None
    except ValueError:
        return {}
