"""A process runs roles side by side; one that crashes starts again with backoff, the others go on.

SIGTERM and SIGINT ask every role to stop; what has not stopped after 5 s is cancelled.
"""

import asyncio
import contextlib
import gc
import logging
import signal
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol, runtime_checkable

import uvicorn
from prometheus_client import Counter, Gauge

from imece_chassis.backoff import backoff, pause
from imece_chassis.telemetry.logs import log

GRACE_SECONDS = 5.0
BACKOFF_FIRST_SECONDS = 0.5
BACKOFF_MOST_SECONDS = 15.0
STEADY_SECONDS = 60.0  # a role that ran this long starts over with the first backoff

_log = logging.getLogger(__name__)
_restarts = Counter("role_restarts_total", "Times a role crashed and was started again", ["role"])
_up = Gauge("role_up", "1 while the role runs", ["role"])
_loop_lag = Gauge("event_loop_lag_seconds", "How late a timer of 100 ms fired, largest of the last 5 s")


@runtime_checkable
class Role(Protocol):
    """Something a process does until told to stop."""

    name: str

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then finish and return."""
        ...


RoleFactory = Callable[[], AbstractAsyncContextManager[Role]]


class OpenedRole:
    """A role whose resources are opened anew at each start, so that a restart begins clean."""

    def __init__(self, name: str, open_role: RoleFactory) -> None:
        self.name = name
        self._open = open_role

    async def run(self, stop: asyncio.Event) -> None:
        """Open, run, close."""
        async with self._open() as role:
            await role.run(stop)


class ApiRole:
    """uvicorn serving one ASGI application; open requests get 3 s to finish, streams are ended."""

    name = "api"

    def __init__(self, app: Any, host: str, port: int) -> None:
        self.app = app
        self._host = host
        self._port = port

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop`. Raises RuntimeError when the application or the port cannot be opened."""
        server = _Server(
            uvicorn.Config(
                quiet_at_start(self.app),
                interface="asgi3",
                host=self._host,
                port=self._port,
                loop="none",
                log_config=None,
                access_log=False,
                server_header=False,
                date_header=True,
                lifespan="on",
                timeout_keep_alive=75,
                timeout_graceful_shutdown=3,
                backlog=4096,
            )
        )
        serving = asyncio.create_task(server.serve())
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
            server.should_exit = True
            await serving
        except SystemExit as error:
            raise RuntimeError(f"the server could not start on {self._host}:{self._port}") from error
        finally:
            stopping.cancel()
        if not stop.is_set():
            raise RuntimeError("the server ended by itself")


def quiet_at_start(app: Any) -> Callable[[Any, Any, Any], Awaitable[None]]:
    """The application, but when it cannot be opened the error is logged as every other one is.

    The framework would hand the server its whole text, which may quote addresses and data.
    """

    async def opened(scope: Any, receive: Any, send: Any) -> None:
        async def send_without_text(message: Any) -> None:
            await send({name: value for name, value in message.items() if name != "message"})

        try:
            await app(scope, receive, send_without_text)
        except Exception as error:
            _log.error("application_not_opened", exc_info=error)
            raise

    def serve(scope: Any, receive: Any, send: Any) -> Awaitable[None]:
        return (opened if scope["type"] == "lifespan" else app)(scope, receive, send)

    return serve


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self):  # pyright: ignore[reportMissingParameterType]
        """Signals belong to run_roles."""
        yield


async def run_roles(
    roles: Sequence[Role],
    *,
    on_ready: Callable[[], Awaitable[None]] | None = None,
    stop: asyncio.Event | None = None,
    grace_seconds: float = GRACE_SECONDS,
    first_pause: float = BACKOFF_FIRST_SECONDS,
) -> int:
    """Run all roles until SIGTERM, SIGINT or `stop`; returns the exit status (0 when all ended in time)."""
    stop = stop or asyncio.Event()
    _collect_garbage_seldom()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError, ValueError, RuntimeError):
            loop.add_signal_handler(number, stop.set)
    tasks = [asyncio.create_task(_supervise(role, stop, first_pause), name=role.name) for role in roles]
    tasks.append(asyncio.create_task(_measure_loop(stop), name="loop"))
    if on_ready is not None:
        await on_ready()
    await stop.wait()
    log(_log, logging.INFO, "stopping", roles=[role.name for role in roles])
    return 0 if await _end(tasks, grace_seconds) else 1


@asynccontextmanager
async def beside(
    *roles: Role, grace_seconds: float = GRACE_SECONDS, first_pause: float = BACKOFF_FIRST_SECONDS
) -> AsyncGenerator[None]:
    """Run roles beside a block (a lifespan of an application), kept alive and stopped like a process does."""
    stop = asyncio.Event()
    tasks = [asyncio.create_task(_supervise(role, stop, first_pause), name=role.name) for role in roles]
    try:
        yield
    finally:
        stop.set()
        await _end(tasks, grace_seconds)


async def _end(tasks: Sequence[asyncio.Task[None]], grace_seconds: float) -> bool:
    """Wait for roles that were told to stop, cancel the late ones; whether there were none."""
    _, late = await asyncio.wait(tasks, timeout=grace_seconds)
    for task in late:
        log(_log, logging.ERROR, "role_did_not_stop", stopped_role=task.get_name())
        task.cancel()
    if late:
        await asyncio.wait(late, timeout=1.0)
    return not late


def _collect_garbage_seldom() -> None:
    """Plain short-lived objects need no cycle collector; by default it runs every 700 of them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


async def _supervise(role: Role, stop: asyncio.Event, first_pause: float) -> None:
    failures = 0
    while not stop.is_set():
        started = time.monotonic()
        _up.labels(role.name).set(1)
        try:
            await role.run(stop)
            if stop.is_set():
                return
            raise RuntimeError("the role returned without being asked to")
        except Exception as error:  # noqa: BLE001 - a supervisor outlives any defect of a role
            failures = 1 if time.monotonic() - started > STEADY_SECONDS else failures + 1
            _restarts.labels(role.name).inc()
            _log.error("role_crashed", exc_info=error)
        finally:
            _up.labels(role.name).set(0)
        await pause(stop, backoff(failures, first_pause, BACKOFF_MOST_SECONDS))


async def _measure_loop(stop: asyncio.Event) -> None:
    worst, since = 0.0, time.monotonic()
    while not stop.is_set():
        before = time.monotonic()
        await asyncio.sleep(0.1)
        now = time.monotonic()
        worst = max(worst, now - before - 0.1)
        if now - since >= 5.0:
            _loop_lag.set(worst)
            worst, since = 0.0, now
