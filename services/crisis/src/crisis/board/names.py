"""Names of organisations for the people who read a board; cards themselves carry ids only."""

import json
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from uuid import UUID

from imece_chassis.database import Database, Transaction

Names = Callable[[Iterable[UUID]], Awaitable[Mapping[UUID, str]]]
"""Names of those ids that are known."""

FRESH_SECONDS = 30.0

# What does the registry call these organisations? The short name where there is one.
_NAMES = "SELECT organisation_id, document FROM organisations_mirror"


class MirroredNames:
    """Reads the service's copy of the registry at most twice a minute, or at once for an unknown id."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[UUID, str] = {}
        self._missing: frozenset[UUID] = frozenset()
        self._read_at = float("-inf")

    async def __call__(self, wanted: Iterable[UUID]) -> Mapping[UUID, str]:
        ids = frozenset(wanted)
        missing = ids - self._known.keys()
        age = time.monotonic() - self._read_at
        if age > FRESH_SECONDS or (missing - self._missing and age > 1.0):
            self._known = await self._database.snapshot(_read)
            self._read_at = time.monotonic()
        self._missing = ids - self._known.keys()
        return {each: self._known[each] for each in ids if each in self._known}


async def _read(tx: Transaction) -> dict[UUID, str]:
    names: dict[UUID, str] = {}
    for row in await tx.fetch(_NAMES):
        state = json.loads(row["document"])
        names[row["organisation_id"]] = state.get("short_name") or state.get("legal_name") or ""
    return {key: name for key, name in names.items() if name}


async def nobody(wanted: Iterable[UUID]) -> Mapping[UUID, str]:
    """No names: pages show the beginning of the id instead."""
    return {}
