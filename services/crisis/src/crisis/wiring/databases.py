"""Pools: one for each role, so that none can starve another."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from crisis.settings import Settings
from imece_chassis.database import STATEMENT_TIMEOUT_MS, Database

CHECK_TIMEOUT_MS = 10 * 60 * 1000  # the whole history is read once


@asynccontextmanager
async def connected(
    settings: Settings, role: str, size: int = 4, statement_timeout_ms: int = STATEMENT_TIMEOUT_MS
) -> AsyncGenerator[Database]:
    """A pool of the service's own for one role or command."""
    database = await Database.connect(
        settings.database_url,
        application=f"crisis {role}",
        max_size=size,
        statement_timeout_ms=statement_timeout_ms,
    )
    try:
        yield database
    finally:
        await database.close()
