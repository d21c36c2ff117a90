"""API keys in their table. Take the integration's lock before looking for a free slot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from imece_chassis.database import Transaction
from registry.domain.keys import TURKIYE, Key, Secret

_COLUMNS = """key_id, version, integration_id, organisation_id, mode, prefix, last4, digest, pepper, scopes,
    expires_on, created_at, slot, revoked_at"""

_INSERT = f"""
    -- A new key: its digest, never the key.
    insert into api_keys ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
"""  # noqa: S608 - our own column list

_LOCK = f"select {_COLUMNS} from api_keys where key_id = $1 for update"  # noqa: S608 - our own column list

_OF_INTEGRATION = f"""
    -- All keys of an integration, oldest first, revoked and lapsed ones included.
    select {_COLUMNS} from api_keys where integration_id = $1 order by key_id
"""  # noqa: S608 - our own column list

_TAKEN = "select slot from api_keys where integration_id = $1 and slot is not null"

_RELEASE_LAPSED = """
    -- Give back the slots of keys that lapsed by date.
    update api_keys set slot = null where integration_id = $1 and slot is not null and expires_on < $2
"""


def _key(row: asyncpg.Record) -> Key:
    return Key(
        key_id=row["key_id"],
        version=row["version"],
        integration_id=row["integration_id"],
        organisation_id=row["organisation_id"],
        mode=row["mode"],
        secret=Secret(row["prefix"], row["last4"], bytes(row["digest"]), row["pepper"]),
        scopes=tuple(row["scopes"]),
        expires_on=row["expires_on"],
        created_at=row["created_at"],
        slot=row["slot"],
        revoked_at=row["revoked_at"],
    )


async def add(tx: Transaction, key: Key) -> None:
    await tx.execute(
        _INSERT,
        key.key_id,
        key.version,
        key.integration_id,
        key.organisation_id,
        key.mode,
        key.secret.prefix,
        key.secret.last4,
        key.secret.digest,
        key.secret.pepper,
        list(key.scopes),
        key.expires_on,
        key.created_at,
        key.slot,
        key.revoked_at,
    )


async def save_revoked(tx: Transaction, key: Key) -> None:
    """Store the revocation of a locked key; its slot is free again."""
    await tx.execute(
        "update api_keys set version = $2, revoked_at = $3, slot = null where key_id = $1",
        key.key_id,
        key.version,
        key.revoked_at,
    )


async def lock(tx: Transaction, key_id: UUID) -> Key | None:
    """The key, held until the transaction ends."""
    row = await tx.fetchrow(_LOCK, key_id)
    return None if row is None else _key(row)


async def of_integration(tx: Transaction, integration_id: UUID) -> Sequence[Key]:
    return [_key(row) for row in await tx.fetch(_OF_INTEGRATION, integration_id)]


async def taken_slots(tx: Transaction, integration_id: UUID, now: datetime) -> set[int]:
    """Slots held by live keys; lapsed keys lose theirs here. The integration must be locked."""
    await tx.execute(_RELEASE_LAPSED, integration_id, now.astimezone(TURKIYE).date())
    return {row["slot"] for row in await tx.fetch(_TAKEN, integration_id)}
