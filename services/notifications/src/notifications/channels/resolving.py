"""Name resolution in threads of its own, so that one slow name server cannot hold up everybody's lookups."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address

from notifications.domain.targets import Address

Resolver = Callable[[str, int], Awaitable[Sequence[Address]]]
"""(host, port) -> every address of the name. Raises OSError when the name does not resolve."""

THREADS = 64


class SystemResolver:
    """The machine's own resolver. Call it like a function; `close` ends its threads."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="resolve")

    async def __call__(self, host: str, port: int) -> Sequence[Address]:
        found = await asyncio.get_running_loop().run_in_executor(self._threads, _look_up, host, port)
        return tuple(dict.fromkeys(ip_address(text) for text in found))

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _look_up(host: str, port: int) -> list[str]:
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(address[4][0]) for address in answers]
