"""The role that sends goes on after whatever the database driver raises."""

import asyncio
from typing import Any, cast

import asyncpg
import pytest

from imece_chassis.database import Database
from notifications.deliver.dispatcher import Dispatcher
from notifications.store.vault import Vault
from tests.waiting import wait_until

ERRORS = (
    asyncpg.InternalClientError("unknown protocol state"),
    asyncpg.ProtocolError("cannot switch to state 1"),
    asyncpg.InterfaceError("another operation is in progress"),
    asyncpg.ConnectionDoesNotExistError("gone"),
)


class Failing:
    """A database on which everything fails with one error."""

    def __init__(self, error: Exception) -> None:
        self._error = error
        self.asked = self.listened = 0

    async def unit_of_work(self, _work: Any) -> Any:
        self.asked += 1
        raise self._error

    async def dedicated(self) -> Any:
        self.listened += 1
        raise self._error


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
async def test_no_error_of_the_driver_ends_sending_or_listening(error: Exception) -> None:
    database, stop = Failing(error), asyncio.Event()
    dispatcher = Dispatcher(
        cast(Database, database), cast(Vault, None), (), poll_seconds=0.01, sweep_seconds=0
    )
    running = asyncio.create_task(dispatcher.run(stop))
    await wait_until(lambda: running.done() or (database.asked > 2 and database.listened > 1))
    assert not running.done()
    stop.set()
    await running
