"""HTTP to strangers: the connection goes to an address that was checked, the name stays for TLS and Host.

Name resolution happens here and nowhere else, every answer is checked, and the socket connects to a checked
address, so a second DNS answer cannot slip in. One request per connection. At this level of the HTTP library
there is no proxy, cookie, redirect or decoding to switch off.
"""

import ssl
import time
from collections.abc import Iterable
from ipaddress import ip_address

import httpcore

from notifications.channels.resolving import Resolver
from notifications.domain.targets import Address, OutboundPolicy, Target, TargetRefused, check_addresses

MAX_ADDRESSES = 4
CONNECT_SECONDS = 3.0


class PinnedBackend(httpcore.AsyncNetworkBackend):
    """Network access for one target; any other host or port is a programming error and refused."""

    def __init__(
        self,
        target: Target,
        policy: OutboundPolicy,
        resolver: Resolver,
        network: httpcore.AsyncNetworkBackend,
    ) -> None:
        self._target = target
        self._policy = policy
        self._resolver = resolver
        self._network = network

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        if (host, port) != (self._target.host, self._target.port):
            raise TargetRefused("target_changed")
        deadline = time.monotonic() + (timeout or CONNECT_SECONDS)
        addresses = await self._addresses()
        failure: Exception = httpcore.ConnectError("no address answered")
        for address in addresses[:MAX_ADDRESSES]:
            left = deadline - time.monotonic()
            if left <= 0:
                raise httpcore.ConnectTimeout("connecting took too long")
            try:
                return await self._network.connect_tcp(
                    str(address), port, left, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def _addresses(self) -> tuple[Address, ...]:
        try:
            addresses = (ip_address(self._target.host),)
        except ValueError:
            try:
                addresses = tuple(await self._resolver(self._target.host, self._target.port))
            except OSError as error:
                raise httpcore.ConnectError("the name does not resolve") from error
        check_addresses(addresses, self._target, self._policy)
        return addresses

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise TargetRefused("unix_socket")

    async def sleep(self, seconds: float) -> None:
        await self._network.sleep(seconds)


def pinned_pool(
    target: Target,
    policy: OutboundPolicy,
    resolver: Resolver,
    ssl_context: ssl.SSLContext,
    network: httpcore.AsyncNetworkBackend | None = None,
) -> httpcore.AsyncConnectionPool:
    """A pool that can reach this target only, over a fresh connection for each request."""
    return httpcore.AsyncConnectionPool(
        ssl_context=ssl_context,
        max_connections=1,
        max_keepalive_connections=0,
        http1=True,
        http2=False,
        retries=0,
        network_backend=PinnedBackend(target, policy, resolver, network or _system_network()),
    )


def url_of(target: Target) -> httpcore.URL:
    """The checked parts as they are: nothing parses the text of the URL a second time."""
    return httpcore.URL(
        scheme=target.scheme.encode(),
        host=target.host.encode(),
        port=target.port,
        target=target.path.encode(),
    )


def _system_network() -> httpcore.AsyncNetworkBackend:
    return httpcore.AnyIOBackend()  # pyright: ignore[reportReturnType] - its option type is the other module's
