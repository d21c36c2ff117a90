"""HTTP to strangers: the connection goes to an address that was checked, the name stays for TLS and Host.

Name resolution happens here and nowhere else, every answer is checked, and the socket connects to a checked
address, so a second DNS answer cannot slip in. One request per connection; nothing here knows of proxies,
cookies, redirects or content codings.
"""

import asyncio
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address

import h11

from notifications.channels.resolving import Resolver
from notifications.domain.targets import Address, OutboundPolicy, Target, check_addresses

CONNECT_SECONDS = 3.0
MAX_ADDRESSES = 4
READ_BYTES = 64 * 1024

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Connect = Callable[[Address, int, ssl.SSLContext | None, str | None], Awaitable[Streams]]
"""(address, port, TLS or None, name for TLS or None) -> streams. Raises OSError."""


class NotReached(Exception):
    """Nothing was sent: `code` says what failed (connect_…, tls_…)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class AnswerLost(Exception):
    """The request was sent, and no whole answer came back."""


async def connect_directly(
    address: Address, port: int, tls: ssl.SSLContext | None, name: str | None
) -> Streams:
    """A connection of this machine; no proxy whatever the environment says."""
    return await asyncio.open_connection(str(address), port, ssl=tls, server_hostname=name, limit=READ_BYTES)


async def checked_addresses(target: Target, policy: OutboundPolicy, resolver: Resolver) -> Sequence[Address]:
    """The addresses behind a target, all of them permitted. Raises TargetRefused, NotReached."""
    try:
        addresses: Sequence[Address] = (ip_address(target.host),)
    except ValueError:
        try:
            addresses = await resolver(target.host, target.port)
        except OSError:
            raise NotReached("connect_name") from None
    check_addresses(addresses, target, policy)
    return addresses[:MAX_ADDRESSES]


async def reach(
    target: Target, addresses: Sequence[Address], tls: ssl.SSLContext, connect: Connect
) -> Streams:
    """Connect to the first address that answers, within three seconds in all. Raises NotReached."""
    code = "connect_failed"
    is_https = target.scheme == "https"
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            for address in addresses:
                try:
                    return await connect(
                        address, target.port, tls if is_https else None, target.host if is_https else None
                    )
                except ssl.SSLError:
                    code = "tls_failed"
                except OSError:
                    code = "connect_failed"
    except TimeoutError:
        code = "connect_timeout"
    raise NotReached(code)


@asynccontextmanager
async def exchange(
    target: Target, streams: Streams, headers: Sequence[tuple[bytes, bytes]], body: bytes
) -> AsyncGenerator[tuple[h11.Response, AsyncIterator[bytes]]]:
    """POST over an open connection: the response's head, and its body as it comes. Raises AnswerLost."""
    reader, writer = streams
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=READ_BYTES)
    head = [(b"host", _host(target)), (b"content-length", str(len(body)).encode()), *headers]
    request = h11.Request(method="POST", target=target.path, headers=head)
    try:
        parts = (
            connection.send(request),
            connection.send(h11.Data(body)),
            connection.send(h11.EndOfMessage()),
        )
        writer.write(b"".join(part or b"" for part in parts))
        await writer.drain()
        event = await _next(connection, reader)
        while isinstance(event, h11.InformationalResponse):
            event = await _next(connection, reader)
        if not isinstance(event, h11.Response):
            raise AnswerLost
        yield event, _body(connection, reader)
    except (h11.ProtocolError, OSError, EOFError) as error:
        raise AnswerLost from error
    finally:
        writer.transport.abort()  # no waiting for a stranger's goodbye


async def _next(connection: h11.Connection, reader: asyncio.StreamReader) -> object:
    while (event := connection.next_event()) is h11.NEED_DATA:
        connection.receive_data(await reader.read(READ_BYTES))
    return event


async def _body(connection: h11.Connection, reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while isinstance(event := await _next(connection, reader), h11.Data):
        yield bytes(event.data)


def _host(target: Target) -> bytes:
    name = f"[{target.host}]" if ":" in target.host else target.host
    is_default = target.port == (443 if target.scheme == "https" else 80)
    return (name if is_default else f"{name}:{target.port}").encode()
