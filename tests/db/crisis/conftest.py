from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from imece_chassis.database import Database
from tests.db.crisis.need_world import Needs
from tests.db.crisis.world import World


@asynccontextmanager
async def a_world(url: str, connections: int) -> AsyncIterator[World]:
    connected = await Database.connect(
        url, application="test", min_size=2, max_size=connections, statement_timeout_ms=30_000
    )
    try:
        yield World(connected)
    finally:
        await connected.close()


@pytest.fixture
async def world(database: Callable[[str], str]) -> AsyncIterator[World]:
    """An empty crisis database with its people; eight connections, so that commands really compete."""
    async with a_world(database("crisis"), 8) as opened:
        yield opened


@pytest.fixture
async def fifty_connections(database: Callable[[str], str]) -> AsyncIterator[World]:
    """The same with a connection for each of fifty clients."""
    async with a_world(database("crisis"), 50) as opened:
        yield opened


@pytest.fixture
async def needs(world: World) -> Needs:
    """An open crisis with everybody who has a say in its needs."""
    return await Needs.of(world)
