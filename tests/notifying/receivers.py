"""Small servers that stand for strangers: polite, slow, broken and hostile ones. 127.0.0.1 only."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Request:
    """What arrived: first line, headers with lower-case names, exact bytes of the body."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """A server that remembers what it got. `url` is where to send."""

    url: str = ""
    port: int = 0
    requests: list[Request] = field(default_factory=list[Request])
    connections: int = 0
    bytes_taken: int = 0


Behaviour = Callable[[Request, asyncio.StreamWriter, Receiver], Awaitable[None]]


def answer(status: int, *headers: str, body: bytes = b"{}") -> Behaviour:
    """Answers at once."""

    async def behave(_request: Request, writer: asyncio.StreamWriter, _receiver: Receiver) -> None:
        lines = [f"HTTP/1.1 {status} X", f"content-length: {len(body)}", *headers, "", ""]
        writer.write("\r\n".join(lines).encode() + body)
        await writer.drain()

    return behave


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """The first request meets the first behaviour, and so on; the last one stays."""
    waiting = list(behaviours)

    async def behave(request: Request, writer: asyncio.StreamWriter, receiver: Receiver) -> None:
        await (waiting.pop(0) if len(waiting) > 1 else waiting[0])(request, writer, receiver)

    return behave


async def hang(_request: Request, _writer: asyncio.StreamWriter, _receiver: Receiver) -> None:
    """Takes the request and never says anything."""
    await asyncio.Event().wait()


async def drop(_request: Request, writer: asyncio.StreamWriter, _receiver: Receiver) -> None:
    """Takes the request and cuts the connection."""
    writer.transport.abort()


async def flood(_request: Request, writer: asyncio.StreamWriter, receiver: Receiver) -> None:
    """Answers 200 and starts a body of one gigabyte."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n")
    block = b"x" * 65536
    while receiver.bytes_taken < 1 << 30:
        writer.write(block)
        await writer.drain()
        receiver.bytes_taken += len(block)


async def bomb(_request: Request, writer: asyncio.StreamWriter, _receiver: Receiver) -> None:
    """Answers 200 with a small gzip body that would unpack to many times its size."""
    import gzip

    body = gzip.compress(b"0" * 30_000_000, compresslevel=1)
    writer.write(
        f"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body
    )
    await writer.drain()


def drip(clock_seconds: float = 0.05) -> Behaviour:
    """Sends one byte of a header at a time and never finishes."""

    async def behave(_request: Request, writer: asyncio.StreamWriter, _receiver: Receiver) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        never = asyncio.Event()
        while True:
            writer.write(b"x")
            await writer.drain()
            with suppress(TimeoutError):
                await asyncio.wait_for(never.wait(), clock_seconds)

    return behave


@asynccontextmanager
async def receiving(behaviour: Behaviour, tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """A server with this behaviour for the length of a block."""
    receiver = Receiver()
    serving: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        serving.add(task)
        receiver.connections += 1
        try:
            while (request := await _read(reader)) is not None:
                receiver.requests.append(request)
                await behaviour(request, writer, receiver)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            serving.discard(task)
            writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    receiver.url = f"{'https' if tls else 'http'}://127.0.0.1:{receiver.port}/hook"
    try:
        yield receiver
    finally:
        server.close()
        for task in list(serving):
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


async def _read(reader: asyncio.StreamReader) -> Request | None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1") if not reader.at_eof() else ""
    if not head:
        return None
    line, *rest = head.strip().split("\r\n")
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (each.partition(":") for each in rest)
    }
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(line, headers, body)
