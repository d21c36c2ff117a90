"""Bundles, and which allocations are of one."""

from uuid import UUID

from crisis.domain.bundles import Bundle
from crisis.store.queries import query
from imece_chassis.database import Transaction

SUBJECT = "bundle"


async def insert(tx: Transaction, bundle: Bundle) -> None:
    """Write a new bundle; its offer is there, its rows follow."""
    await tx.execute(
        query("insert_bundle"),
        bundle.bundle_id,
        bundle.crisis_id,
        bundle.is_drill,
        bundle.org_id,
        bundle.offer_id,
        bundle.row_count,
        bundle.made_at,
    )


async def read(tx: Transaction, bundle_id: UUID) -> Bundle | None:
    """One bundle."""
    row = await tx.fetchrow(query("read_bundle"), bundle_id)
    return None if row is None else Bundle(**dict(row))


async def row_ids(tx: Transaction, bundle_id: UUID) -> list[UUID]:
    """Its rows and all their pieces, by id; those of an earlier id were made earlier."""
    rows = await tx.fetch(
        "SELECT allocation_id FROM allocations WHERE bundle_id = $1 ORDER BY allocation_id", bundle_id
    )
    return [row[0] for row in rows]


async def version(tx: Transaction, bundle_id: UUID) -> int:
    """See domain.bundles.version_of."""
    return await tx.fetchval("SELECT sum(version)::bigint FROM allocations WHERE bundle_id = $1", bundle_id)
