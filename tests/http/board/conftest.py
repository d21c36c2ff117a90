from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from imece_chassis.database import Database
from tests.boards.serving import Served, served


@pytest.fixture
async def db(database: Callable[[str], str]) -> AsyncIterator[Database]:
    connected = await Database.connect(database("crisis"), application="test")
    yield connected
    await connected.close()


@pytest.fixture
async def live(db: Database) -> AsyncIterator[Served]:
    async with served(db) as board:
        yield board


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(headers={"accept-language": "tr"}) as client:
        yield client
