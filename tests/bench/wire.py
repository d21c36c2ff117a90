"""A small HTTP/1.1 client for load: keep-alive, one request at a time per connection, little CPU of its own.

The load shares two cores with what it measures, so a general client would measure itself.
"""

import asyncio
import resource
from collections.abc import Sequence
from typing import cast


class Connection(asyncio.Protocol):
    """One connection. `request` sends prepared bytes and answers (status, body)."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def open(cls, host: str, port: int) -> "Connection":
        """Connect; OSError when nobody listens."""
        _, protocol = await asyncio.get_running_loop().create_connection(cls, host, port)
        return protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0 or self._answer is None:
            return
        length = _content_length(self._buffer[:head])
        end = head + 4 + length
        if len(self._buffer) < end:
            return
        status = int(self._buffer[9:12])
        body = bytes(self._buffer[head + 4 : end])
        del self._buffer[:end]
        answer, self._answer = self._answer, None
        if not answer.done():
            answer.set_result((status, body))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError("closed by the server"))

    async def request(self, raw: bytes) -> tuple[int, bytes]:
        """Send one prepared request and wait for its answer."""
        if self._transport is None or self._transport.is_closing():
            raise ConnectionResetError("the connection is closed")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(raw)
        return await self._answer

    def close(self) -> None:
        """Close without waiting."""
        if self._transport is not None:
            self._transport.close()


def _content_length(head: bytearray) -> int:
    for row in bytes(head).split(b"\r\n")[1:]:
        name, _, value = row.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def post(
    path: str, key: str, body: bytes, idempotency_key: str, content_type: str = "application/json"
) -> bytes:
    """Bytes of one POST request."""
    return (
        f"POST {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {key}\r\n"
        f"content-type: {content_type}\r\nidempotency-key: {idempotency_key}\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    ).encode() + body


async def pool(host: str, port: int, size: int) -> Sequence[Connection]:
    """`size` open connections."""
    return [await Connection.open(host, port) for _ in range(size)]


def raise_open_files() -> int:
    """Let this process and its children open as many files as the machine allows; that number."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most
