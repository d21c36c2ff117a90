"""A listener outlives whatever ends its session, also while it begins to listen."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import asyncpg

from imece_chassis.database import Database, DatabaseUnavailable
from imece_chassis.listening import Listener
from tests.waiting import wait_until


class Session:
    """A session whose LISTEN may fail."""

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error
        self.heard: Callable[..., None] | None = None
        self.ended: Callable[[Any], None] = lambda _session: None
        self.is_terminated = False

    def add_termination_listener(self, ended: Callable[[Any], None]) -> None:
        self.ended = ended

    async def add_listener(self, _channel: str, heard: Callable[..., None]) -> None:
        if self._error is not None:
            raise self._error
        self.heard = heard

    def terminate(self) -> None:
        self.is_terminated = True


class Sessions:
    """Hands out sessions, or raises what is in their place."""

    def __init__(self, *outcomes: Session | Exception) -> None:
        self._outcomes = list(outcomes)

    async def dedicated(self) -> Session:
        outcome = self._outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


async def test_a_listener_survives_every_error_of_its_session() -> None:
    failed = [Session(asyncpg.ConnectionDoesNotExistError()), Session(asyncpg.InterfaceError("closed"))]
    lost, last = Session(), Session()
    sessions = Sessions(*failed, DatabaseUnavailable("away"), lost, last)
    woken: list[None] = []
    stop = asyncio.Event()
    listener = Listener(cast(Database, sessions), "channel", lambda: woken.append(None), retry_seconds=0.01)
    running = asyncio.create_task(listener.run(stop))
    await wait_until(lambda: lost.heard is not None)
    lost.ended(lost)
    await wait_until(lambda: len(woken) == 2)  # whatever was missed is looked for at once
    assert last.heard is not None
    last.heard("session", 1, "channel", "")
    assert len(woken) == 3
    stop.set()
    await running
    assert all(session.is_terminated for session in (*failed, lost, last))
