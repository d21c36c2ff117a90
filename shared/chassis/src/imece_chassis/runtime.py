"""A process runs roles; a crashed role restarts with backoff; SIGTERM ends all within 5 s."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol


class Role(Protocol):
    name: str

    async def run(self, stop: asyncio.Event) -> None: ...


class ApiRole:
    """uvicorn serving one ASGI application."""

    name = "api"

    def __init__(self, app: Any, host: str, port: int) -> None:
        raise NotImplementedError

    async def run(self, stop: asyncio.Event) -> None:
        raise NotImplementedError


async def run_roles(roles: Sequence[Role], *, on_ready: Callable[[], Awaitable[None]] | None = None) -> int:
    raise NotImplementedError
