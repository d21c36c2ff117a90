"""The mirror in memory: digest → Caller, loaded again whenever mirror_head moved, and aware of its own age.

Readers see one complete load or the next, never a mixture. What cannot be read from the database grows old
here and is refused by age, so a lost database or broker never leaves a revoked key alive.
"""

import asyncio
import logging
import time
from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from imece_chassis.access.caller import Caller, Grant, expiry
from imece_chassis.access.mirror import CHANNEL, CONSUMER
from imece_chassis.database import Database, DatabaseUnavailable, OutcomeUnknown, Transaction
from imece_chassis.freshness import fresh_at
from imece_chassis.telemetry.logs import log
from imece_chassis.telemetry.metrics import Gauge
from imece_contracts.topics import REGISTRY_PROGRESS

POLL_SECONDS = 1.0
_TROUBLE = (DatabaseUnavailable, OutcomeUnknown, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)

# Keys with the state of their organisation; an organisation not heard of yet may not act.
_CREDENTIALS = """
SELECT key.key_id, key.integration_id, key.organisation_id, key.digest, key.scopes, key.is_test,
       key.expires_on, key.revoked_at, coalesce(organisation.state, 'unknown') AS organisation_state
FROM credentials_mirror AS key
LEFT JOIN organisations_mirror AS organisation USING (organisation_id)
WHERE $1::uuid IS NULL OR key.key_id = $1
"""
# Grants of integrations that are or will be in force.
_GRANTS = """
SELECT grant_id, integration_id, organisation_id, role, provinces, crisis_id,
       nullif(greatest(valid_from, now()), now()) AS valid_from, valid_to
FROM grants_mirror
WHERE integration_id IS NOT NULL AND revoked_at IS NULL AND (valid_to IS NULL OR valid_to > now())
  AND ($1::uuid IS NULL
       OR integration_id = (SELECT key.integration_id FROM credentials_mirror AS key WHERE key.key_id = $1))
"""
_VERSION = "SELECT version FROM mirror_head"

_age = Gauge("credential_view_age_seconds", "How old this process's copy of keys and grants may be.")
_keys = Gauge("credential_view_keys", "Keys known to this process, revoked ones included.")
_logger = logging.getLogger("imece.access_view")


class AccessView:
    """A CredentialSource over the *_mirror tables. `run` is a role: it ends when `stop` is set."""

    name = "access"

    def __init__(self, database: Database) -> None:
        self._database = database
        self._callers: dict[bytes, Caller] = {}
        self._version = -1
        self._age_at_look = float("inf")
        self._looked_at = time.monotonic()
        self._wake = asyncio.Event()
        _age.set_function(lambda: self.age_seconds)

    @property
    def age_seconds(self) -> float:
        """What the owner committed longer ago than this is known here; infinite before the first load."""
        return self._age_at_look + time.monotonic() - self._looked_at

    def lookup(self, digest: bytes) -> Caller | None:
        """The holder of the key with this digest, revoked and expired ones included.

        The digest is keyed with a secret, so the time this takes tells nothing about the key.
        """
        return self._callers.get(digest)

    async def refresh(self) -> None:
        """Look at the mirror once, and load it when it moved. Raises what the database raises."""
        looked_at = time.monotonic()
        age, version, callers = await self._database.snapshot(self._look)
        if callers is not None:
            self._callers, self._version = callers, version
            _keys.set(len(callers))
        self._age_at_look, self._looked_at = age, looked_at

    async def run(self, stop: asyncio.Event) -> None:
        """Keep the copy fresh until `stop`: on every notification and at least once a second."""
        listener: Any = None
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                self._wake.clear()
                try:
                    if listener is None or listener.is_closed():
                        listener = await self._listen()
                    await self.refresh()
                except _TROUBLE as error:
                    log(_logger, logging.WARNING, "credential_view_not_refreshed", error=type(error).__name__)
                await self._pause(stopping)
        finally:
            stopping.cancel()
            if listener is not None:
                listener.terminate()

    async def _listen(self) -> Any:
        listener = await self._database.dedicated()
        await listener.add_listener(CHANNEL, self._heard)
        return listener

    def _heard(self, *_: object) -> None:
        self._wake.set()

    async def _pause(self, stopping: "asyncio.Task[bool]") -> None:
        woken = asyncio.create_task(self._wake.wait())
        await asyncio.wait({woken, stopping}, timeout=POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        woken.cancel()

    async def _look(self, tx: Transaction) -> tuple[float, int, dict[bytes, Caller] | None]:
        # One snapshot: marks, version and rows belong together, so the age is true of exactly these rows.
        fresh = await fresh_at(tx, CONSUMER, REGISTRY_PROGRESS)
        now: datetime = await tx.fetchval("SELECT clock_timestamp()")
        age = float("inf") if fresh is None else max(0.0, (now - fresh).total_seconds())
        version: int = await tx.fetchval(_VERSION)
        return age, version, None if version == self._version else await _load(tx)


async def holder_of(tx: Transaction, key_id: UUID, now: datetime) -> Caller | None:
    """Who holds a key at this moment, for what is done later in its name; None when it is unknown, revoked or
    expired."""
    found = next(iter((await _load(tx, key_id)).values()), None)
    if found is None or found.revoked_at is not None:
        return None
    is_expired = found.expires_at is not None and found.expires_at <= now
    return None if is_expired else replace(found, asked_at=now)


async def _load(tx: Transaction, key_id: UUID | None = None) -> dict[bytes, Caller]:
    """Every key with its grants, or only one."""
    grants: defaultdict[UUID, list[Grant]] = defaultdict(list)
    for row in await tx.fetch(_GRANTS, key_id):
        grants[row["integration_id"]].append(
            Grant(
                role=row["role"],
                organisation_id=row["organisation_id"],
                provinces=frozenset(row["provinces"]),
                crisis_id=row["crisis_id"],
                valid_from=row["valid_from"],
                valid_until=row["valid_to"],
                grant_id=row["grant_id"],
            )
        )
    return {
        bytes(row["digest"]): Caller(
            key_id=row["key_id"],
            integration_id=row["integration_id"],
            organisation_id=row["organisation_id"],
            scopes=frozenset(row["scopes"]),
            grants=tuple(grants.get(row["integration_id"], ())),
            organisation_state=row["organisation_state"],
            expires_at=expiry(row["expires_on"]),
            revoked_at=row["revoked_at"],
            is_test=row["is_test"],
        )
        for row in await tx.fetch(_CREDENTIALS, key_id)
    }
