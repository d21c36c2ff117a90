"""A database of the crisis service beside the running system's, on the same server, gone afterwards."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg

from imece_chassis.database import Database
from imece_chassis.migrations import migrate
from tests.bench.ground import Ground
from tests.platform.databases import components_of

SERVICE = "crisis"
PATIENCE_MS = 30_000


@dataclass(frozen=True)
class Apart:
    """`database` as the service reaches it, `owner` a superuser's session in it."""

    database: Database
    owner: Any


@asynccontextmanager
async def apart(ground: Ground, name: str) -> AsyncIterator[Apart]:
    """An empty, migrated database of this name."""
    postgres = ground.system.postgres
    await asyncio.to_thread(postgres.create_database, name, None, SERVICE)
    try:
        url = postgres.url(name, SERVICE)
        await migrate(url, components_of(SERVICE), lambda _: None)
        database = await Database.connect(
            url, application="bench", min_size=1, max_size=2, statement_timeout_ms=PATIENCE_MS
        )
        owner = await asyncpg.connect(postgres.url(name))
        try:
            yield Apart(database, owner)
        finally:
            await database.close()
            await owner.close()
    finally:
        await asyncio.to_thread(postgres.drop_database, name)
