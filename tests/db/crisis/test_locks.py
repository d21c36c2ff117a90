"""Whoever asks for what another transaction has locked waits for it, on two connections."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from imece_chassis.database import Database, Transaction
from tests.db.crisis.lock_waits import how_many_wait
from tests.db.crisis.locking import LOCKS, Lock, something_of_everything
from tests.db.crisis.world import World
from tests.platform.databases import Databases
from tests.waiting import wait_until

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def url(_databases: Databases) -> Iterator[str]:
    yield _databases.create("crisis")
    _databases.drop_all()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(url: str) -> AsyncIterator[World]:
    connected = await Database.connect(url, application="test", min_size=3, max_size=4)
    made = World(connected)
    await something_of_everything(made)
    yield made
    await connected.close()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
async def test_who_asks_for_what_another_has_locked_waits(world: World, lock: Lock):
    subject = await world.value(lock.subject)
    assert subject is not None
    rivals: list[asyncio.Task[object]] = []

    async def hold(tx: Transaction) -> None:
        await lock.holder(tx, subject)
        rivals.append(asyncio.create_task(world.database.unit_of_work(lambda tx: lock.rival(tx, subject))))
        rival = rivals[-1]

        async def has_come() -> bool:
            return rival.done() or bool(await how_many_wait(world))

        await wait_until(has_come, timeout=20)
        if rival.done():
            await rival  # what it failed at says more
        assert not rival.done(), "nobody waited"

    await world.database.unit_of_work(hold)
    await rivals[-1]
