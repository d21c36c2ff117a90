"""The mirror in memory: digest → Caller, loaded again whenever mirror_head moved, and aware of its own age."""

import asyncio
from typing import TYPE_CHECKING

from imece_chassis.access.caller import Caller

if TYPE_CHECKING:
    from imece_chassis.database import Database


class AccessView:
    """A CredentialSource over the *_mirror tables. `run` is a role: it ends when `stop` is set."""

    name = "access"

    def __init__(self, database: "Database") -> None:
        self._database = database
        self._callers: dict[bytes, Caller] = {}

    @property
    def age_seconds(self) -> float:
        """Seconds since the last moment this copy is known to be complete; infinite before the first load."""
        return float("inf")

    def lookup(self, digest: bytes) -> Caller | None:
        """The holder of the key with this digest, revoked and expired ones included."""
        return self._callers.get(digest)

    async def run(self, stop: asyncio.Event) -> None:
        """Keep the copy fresh until `stop`."""
        raise NotImplementedError
