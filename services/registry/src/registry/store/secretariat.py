"""Which organisation and integration are the secretariat's own: one row per installation."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from imece_chassis.database import Transaction

# Any fixed number serves: bootstraps of one database wait for each other.
_LOCK_NUMBER = 0x1EC3


@dataclass(frozen=True, slots=True)
class Secretariat:
    organisation_id: UUID
    integration_id: UUID


async def lock(tx: Transaction) -> Secretariat | None:
    """The secretariat if there is one; a second bootstrap waits here until the first is done."""
    await tx.execute("select pg_advisory_xact_lock($1)", _LOCK_NUMBER)
    row = await tx.fetchrow("select organisation_id, integration_id from secretariat")
    return None if row is None else Secretariat(row["organisation_id"], row["integration_id"])


async def add(tx: Transaction, secretariat: Secretariat) -> None:
    await tx.execute(
        "insert into secretariat (organisation_id, integration_id) values ($1, $2)",
        secretariat.organisation_id,
        secretariat.integration_id,
    )
