"""Integrations in their table. Locking one serialises everything about its keys and grants."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from imece_chassis.database import Transaction
from registry.domain.integrations import Integration

_COLUMNS = "integration_id, organisation_id, name, created_at"
_FIND = f"select {_COLUMNS} from integrations where integration_id = $1"  # noqa: S608 - our own column list
_LOCK = f"{_FIND} for update"

_OF_ORGANISATION = f"""
    -- The integrations of an organisation, oldest first (ids sort by creation).
    select {_COLUMNS} from integrations where organisation_id = $1 order by integration_id limit $2
"""  # noqa: S608 - our own column list


def _integration(row: asyncpg.Record) -> Integration:
    return Integration(row["integration_id"], row["organisation_id"], row["name"], row["created_at"])


async def add(tx: Transaction, integration: Integration) -> None:
    await tx.execute(
        f"insert into integrations ({_COLUMNS}) values ($1, $2, $3, $4)",  # noqa: S608 - our own column list
        integration.integration_id,
        integration.organisation_id,
        integration.name,
        integration.created_at,
    )


async def find(tx: Transaction, integration_id: UUID) -> Integration | None:
    row = await tx.fetchrow(_FIND, integration_id)
    return None if row is None else _integration(row)


async def lock(tx: Transaction, integration_id: UUID) -> Integration | None:
    """The integration, held until the transaction ends."""
    row = await tx.fetchrow(_LOCK, integration_id)
    return None if row is None else _integration(row)


async def of_organisation(tx: Transaction, organisation_id: UUID, limit: int = 200) -> Sequence[Integration]:
    return [_integration(row) for row in await tx.fetch(_OF_ORGANISATION, organisation_id, limit)]
