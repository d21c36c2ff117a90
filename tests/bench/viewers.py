"""Many readers of one stream in a process of their own: python -m tests.bench.viewers PORT PATH COUNT.

Says {"open": n} when every stream has said hello; after a line on standard input, what each of them received:
{"closed": n, "frames": {last number of the frame: {"at": newest change in it, "arrived": [one per viewer]}}}.
"""

import asyncio
import json
import re
import sys
import time

import uvloop

from tests.bench.wire import raise_open_files

OPENED_PER_SECOND = 700
_CHANGE = re.compile(rb"id: (\d+)\nevent: change")


class Viewer(asyncio.Protocol):
    """Notes when a change arrives; no more, because thousands of them share this process."""

    def __init__(self, crowd: "Crowd") -> None:
        self._crowd = crowd
        self._has_hello = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.write(self._crowd.request)  # pyright: ignore[reportAttributeAccessIssue]

    def data_received(self, data: bytes) -> None:
        arrived = time.time()
        for found in _CHANGE.finditer(data):
            self._crowd.arrived.setdefault(found[1], []).append(arrived)
            self._crowd.first.setdefault(found[1], data)
        if not self._has_hello and b"event: hello" in data:
            self._has_hello = True
            self._crowd.said_hello()

    def connection_lost(self, exc: Exception | None) -> None:
        self._crowd.closed += 1


class Crowd:
    """All viewers of this process."""

    def __init__(self, path: str, count: int) -> None:
        self.request = f"GET {path} HTTP/1.1\r\nhost: bench\r\n\r\n".encode()
        self.arrived: dict[bytes, list[float]] = {}
        self.first: dict[bytes, bytes] = {}
        self.closed = 0
        self.are_open = asyncio.Event()
        self._missing = count

    def said_hello(self) -> None:
        """One more stream is open."""
        self._missing -= 1
        if not self._missing:
            self.are_open.set()

    def as_json(self) -> dict[str, object]:
        """What was received."""
        return {
            "closed": self.closed,
            "frames": {
                number.decode(): {"at": _newest(self.first[number]), "arrived": moments}
                for number, moments in self.arrived.items()
            },
        }


def _newest(frame: bytes) -> str:
    """Time of the newest change in the first frame of these bytes."""
    return max(found.decode() for found in re.findall(rb'"changed_at":"([^"]+)"', frame))


async def watch(port: int, path: str, count: int) -> None:
    """Open the streams a few at a time, wait for the word, say what was seen."""
    loop = asyncio.get_running_loop()
    crowd = Crowd(path, count)
    for number in range(count):
        await loop.create_connection(lambda: Viewer(crowd), "127.0.0.1", port)
        if number % 7 == 6:
            await asyncio.sleep(7 / OPENED_PER_SECOND)
    await asyncio.wait_for(crowd.are_open.wait(), 30)
    print(json.dumps({"open": count}), flush=True)
    await loop.run_in_executor(None, sys.stdin.readline)
    print(json.dumps(crowd.as_json()), flush=True)


if __name__ == "__main__":
    raise_open_files()
    uvloop.run(watch(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
