import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from imece_chassis.database import Database
from tests.boards.serving import served
from tests.e2e.board.scene import Scene


@pytest.fixture
async def scene(database: Callable[[str], str]) -> AsyncIterator[Scene]:
    connected = await Database.connect(database("crisis"), application="test", max_size=6)
    async with served(connected) as board:
        scene = Scene(board)
        await scene.begin()
        fresh = asyncio.create_task(scene.keep_fresh())
        yield scene
        fresh.cancel()
        await asyncio.gather(fresh, return_exceptions=True)
    await connected.close()
