"""Ids that organisations made for pledges, bundles and what they keep, and the hash of what each said."""

from dataclasses import dataclass
from uuid import UUID

from crisis.store.queries import query
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class Stated:
    """Whose it is, and the SHA-256 of the words that made it."""

    org_id: UUID
    stated: bytes


async def claim(tx: Transaction, allocation_id: UUID, said: Stated) -> Stated | None:
    """Take the id for what follows in this transaction; the earlier words when it is taken.

    Waits for another transaction that takes it at the same moment.
    """
    is_ours = await tx.fetchval(
        "INSERT INTO pledge_ids (allocation_id, org_id, stated) VALUES ($1, $2, $3)"
        " ON CONFLICT DO NOTHING RETURNING true",
        allocation_id,
        said.org_id,
        said.stated,
    )
    if is_ours:
        return None
    row = await tx.fetchrow("SELECT org_id, stated FROM pledge_ids WHERE allocation_id = $1", allocation_id)
    return Stated(row["org_id"], bytes(row["stated"]))


async def is_of_another_kind(tx: Transaction, given: UUID) -> bool:
    """Whether anything has this id, though nothing here took it as its own."""
    return await tx.fetchval(query("is_known_id"), given)
