from collections.abc import AsyncIterator, Callable

import pytest

from imece_chassis.database import Database
from tests.db.crisis.need_world import Needs
from tests.db.crisis.world import World


@pytest.fixture
async def world(database: Callable[[str], str]) -> AsyncIterator[World]:
    """An empty crisis database with its people; eight connections, so that commands really compete."""
    connected = await Database.connect(
        database("crisis"), application="test", min_size=2, max_size=8, statement_timeout_ms=30_000
    )
    try:
        yield World(connected)
    finally:
        await connected.close()


@pytest.fixture
async def needs(world: World) -> Needs:
    """An open crisis with everybody who has a say in its needs."""
    return await Needs.of(world)
