"""A reader of an event stream that costs little itself: bytes in, events out, each with its arrival."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Event:
    """One server-sent event; `id` is "" where it has none, `arrived` is wall-clock time of its last byte."""

    name: str
    id: str
    data: bytes
    arrived: float


@dataclass
class Chunks:
    """Takes the chunked transfer coding off a body, however the network cuts it."""

    _pending: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> bytes:
        """The content that is complete now. Raises ValueError for anything that is not chunked."""
        self._pending += data
        content = bytearray()
        at = 0
        while True:
            line_end = self._pending.find(b"\r\n", at)
            if line_end < 0:
                break
            size = int(self._pending[at:line_end], 16)
            end = line_end + 2 + size
            if len(self._pending) < end + 2:
                break
            content += self._pending[line_end + 2 : end]
            at = end + 2
        del self._pending[:at]
        return bytes(content)


@dataclass
class Events:
    """Cuts content into events at blank lines."""

    _pending: bytes = b""

    def feed(self, content: bytes, arrived: float) -> list[Event]:
        """The events that are complete now."""
        *complete, self._pending = (self._pending + content).split(b"\n\n")
        return [_event(block, arrived) for block in complete]


def _event(block: bytes, arrived: float) -> Event:
    fields: dict[bytes, bytes] = {}
    for row in block.split(b"\n"):
        name, _, value = row.partition(b": ")
        fields[name] = value
    return Event(
        fields.get(b"event", b"").decode(), fields.get(b"id", b"").decode(), fields.get(b"data", b""), arrived
    )


class Stream(asyncio.Protocol):
    """An open board stream; `heard` is called with every event."""

    def __init__(self, request: bytes, heard: Callable[[Event], None]) -> None:
        self._request = request
        self._heard = heard
        self._head: bytes | None = b""
        self._chunks, self._events = Chunks(), Events()
        self._transport: asyncio.BaseTransport | None = None
        self.is_closed = False

    @classmethod
    async def open(cls, host: str, port: int, path: str, heard: Callable[[Event], None]) -> "Stream":
        """Connect and ask for `path`. OSError when nobody listens."""
        request = f"GET {path} HTTP/1.1\r\nhost: bench\r\naccept: text/event-stream\r\n\r\n".encode()
        loop = asyncio.get_running_loop()
        _, stream = await loop.create_connection(lambda: cls(request, heard), host, port)
        return stream

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        transport.write(self._request)  # pyright: ignore[reportAttributeAccessIssue]

    def data_received(self, data: bytes) -> None:
        arrived = time.time()
        if self._head is not None:
            self._head += data
            head, found, rest = self._head.partition(b"\r\n\r\n")
            if not found:
                return
            assert head.startswith(b"HTTP/1.1 200"), head
            self._head, data = None, rest
        for event in self._events.feed(self._chunks.feed(data), arrived):
            self._heard(event)

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_closed = True

    def close(self) -> None:
        """Leave without a word, as browsers do."""
        if self._transport is not None:
            self._transport.close()
