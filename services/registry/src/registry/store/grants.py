"""Grants in their table; a revoked grant stays, with its moment."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from imece_chassis.database import Transaction
from registry.domain.grants import Grant

_COLUMNS = """grant_id, version, integration_id, holder_id, role, organisation_id, province_plates, crisis_id,
    valid_from, valid_to, granted_at, granted_by, revoked_at"""

_INSERT = f"""
    -- A new grant.
    insert into grants ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
"""  # noqa: S608 - our own column list

_LOCK = f"select {_COLUMNS} from grants where grant_id = $1 for update"  # noqa: S608 - our own column list

_OF_INTEGRATION = f"""
    -- All grants of an integration, oldest first, revoked ones included.
    select {_COLUMNS} from grants where integration_id = $1 order by grant_id
"""  # noqa: S608 - our own column list


def _grant(row: asyncpg.Record) -> Grant:
    return Grant(
        grant_id=row["grant_id"],
        version=row["version"],
        integration_id=row["integration_id"],
        holder_id=row["holder_id"],
        role=row["role"],
        organisation_id=row["organisation_id"],
        province_plates=tuple(row["province_plates"]),
        crisis_id=row["crisis_id"],
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        granted_at=row["granted_at"],
        granted_by=row["granted_by"],
        revoked_at=row["revoked_at"],
    )


async def add(tx: Transaction, grant: Grant) -> None:
    await tx.execute(
        _INSERT,
        grant.grant_id,
        grant.version,
        grant.integration_id,
        grant.holder_id,
        grant.role,
        grant.organisation_id,
        list(grant.province_plates),
        grant.crisis_id,
        grant.valid_from,
        grant.valid_to,
        grant.granted_at,
        grant.granted_by,
        grant.revoked_at,
    )


async def save_revoked(tx: Transaction, grant: Grant) -> None:
    """Store the revocation of a locked grant."""
    await tx.execute(
        "update grants set version = $2, revoked_at = $3 where grant_id = $1",
        grant.grant_id,
        grant.version,
        grant.revoked_at,
    )


async def lock(tx: Transaction, grant_id: UUID) -> Grant | None:
    """The grant, held until the transaction ends."""
    row = await tx.fetchrow(_LOCK, grant_id)
    return None if row is None else _grant(row)


async def of_integration(tx: Transaction, integration_id: UUID) -> Sequence[Grant]:
    return [_grant(row) for row in await tx.fetch(_OF_INTEGRATION, integration_id)]
