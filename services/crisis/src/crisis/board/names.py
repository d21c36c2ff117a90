"""Names of organisations for the people who read a board; cards themselves carry ids only."""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from uuid import UUID

from crisis.board.source import LOST
from imece_chassis.database import Database, Transaction

Names = Callable[[Iterable[UUID]], Awaitable[Mapping[UUID, str]]]
"""Names of those ids that are known."""

FRESH_SECONDS = 30.0
AGAIN_SECONDS = 1.0
PATIENCE_SECONDS = 1.0
"""A page waits no longer for a name it does not know."""

_log = logging.getLogger(__name__)

# What does the registry call these organisations? The short name where there is one.
_NAMES = "SELECT organisation_id, document FROM organisations_mirror"


class MirroredNames:
    """Reads the service's copy of the registry at most twice a minute, or at once for an unknown id.

    Never raises: while the database is away the names read last go on, and unknown ones stay unknown.
    """

    def __init__(self, database: Database, *, fresh_seconds: float = FRESH_SECONDS) -> None:
        self._database = database
        self._fresh_seconds = fresh_seconds
        self._known: dict[UUID, str] = {}
        self._missing: frozenset[UUID] = frozenset()
        self._read_at = float("-inf")
        self._reading: asyncio.Task[None] | None = None

    async def __call__(self, wanted: Iterable[UUID]) -> Mapping[UUID, str]:
        ids = frozenset(wanted)
        missing = ids - self._known.keys()
        age = time.monotonic() - self._read_at
        is_due = age > self._fresh_seconds or (missing - self._missing and age > AGAIN_SECONDS)
        if is_due and (self._reading is None or self._reading.done()):
            self._reading = asyncio.create_task(self._refresh())
        if missing and self._reading is not None:
            await asyncio.wait({self._reading}, timeout=PATIENCE_SECONDS)
        self._missing = ids - self._known.keys()
        return {each: self._known[each] for each in ids if each in self._known}

    async def _refresh(self) -> None:
        try:
            self._known = await self._database.snapshot(_read)
            self._read_at = time.monotonic()
        except LOST as error:
            self._read_at = time.monotonic() - self._fresh_seconds + AGAIN_SECONDS
            _log.warning("board.names_lost", extra={"reason": type(error).__name__})


async def _read(tx: Transaction) -> dict[UUID, str]:
    names: dict[UUID, str] = {}
    for row in await tx.fetch(_NAMES):
        state = json.loads(row["document"])
        names[row["organisation_id"]] = state.get("short_name") or state.get("legal_name") or ""
    return {key: name for key, name in names.items() if name}


async def nobody(wanted: Iterable[UUID]) -> Mapping[UUID, str]:
    """No names: pages show the beginning of the id instead."""
    return {}
