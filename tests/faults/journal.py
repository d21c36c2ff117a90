"""What a client asked and what it was told: JSON lines, the intent on disk before the request is sent.

{"kind": "intent", "id", "op", "key", "method", "path", "org", "facts", "body_sha"}
{"kind": "outcome", "id", "outcome": "ok" | "fail" | "info", "status", "body_sha", "body", "replayed"}
An intent may have many outcomes. "fail" only when the answer proves that nothing was done; a timeout, a reset
and a 5xx are "info": done or not, to be asked again with the same key.
"""

import asyncio
import hashlib
import itertools
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Verdict = Literal["ok", "fail", "info"]


def sha(body: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(body).hexdigest()


@dataclass
class Operation:
    """One intent with all its outcomes, as read back from the file. `facts` are what the checkers need."""

    id: int
    op: str
    key: str
    method: str
    path: str
    org: str
    body_sha: str
    facts: dict[str, Any]
    outcomes: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def answers(self, outcome: Verdict) -> list[dict[str, Any]]:
        return [each for each in self.outcomes if each["outcome"] == outcome]

    @property
    def answer(self) -> dict[str, Any] | None:
        """The body of the first 2xx, None when there was none."""
        found = self.answers("ok")
        return found[0]["body"] if found else None


class Journal:
    """Append-only; lines that wait at the same time share one fsync."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ids = itertools.count(1)
        self._file = path.open("ab")
        self._syncing = asyncio.Lock()
        self._written = self._synced = 0

    async def intent(
        self, op: str, key: str, method: str, path: str, org: str, body: bytes, facts: dict[str, Any]
    ) -> int:
        """Write down what is about to be asked; returns its id once the line is on disk."""
        number = next(self._ids)
        line = {"kind": "intent", "id": number, "op": op, "key": key, "method": method, "path": path}
        await self._append({**line, "org": org, "body_sha": sha(body), "facts": facts})
        return number

    async def outcome(
        self,
        number: int,
        verdict: Verdict,
        status: int | None = None,
        body: bytes = b"",
        replayed: bool = False,
    ) -> None:
        """Write down what was answered; `status` None stands for no answer at all."""
        line = {"kind": "outcome", "id": number, "outcome": verdict, "status": status, "replayed": replayed}
        await self._append({**line, "body_sha": sha(body), "body": _readable(body)})

    def close(self) -> None:
        self._file.close()

    def operations(self) -> list[Operation]:
        """Everything written so far, read from the file, in the order of the intents."""
        found: dict[int, Operation] = {}
        for line in self._lines():
            if line.pop("kind") == "intent":
                line.pop("at")
                found[line["id"]] = Operation(**line)
            else:
                found[line["id"]].outcomes.append(line)
        return list(found.values())

    def _lines(self) -> Iterator[dict[str, Any]]:
        with self.path.open("rb") as lines:
            for line in lines:
                yield json.loads(line)

    async def _append(self, entry: dict[str, Any]) -> None:
        self._file.write(json.dumps({**entry, "at": time.time()}, ensure_ascii=False).encode() + b"\n")
        self._written += 1
        mine = self._written
        async with self._syncing:
            if self._synced >= mine:
                return
            upto = self._written
            self._file.flush()
            await asyncio.to_thread(os.fsync, self._file.fileno())
            self._synced = upto


def _readable(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body.decode(errors="replace")
