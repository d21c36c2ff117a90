"""Desks and watches."""

from uuid import UUID

from crisis.store.queries import query
from imece_chassis.database import Transaction


async def responsible(
    tx: Transaction, crisis_id: UUID, place: str, item_group: str | None, *, is_drill: bool
) -> UUID | None:
    """The province desk for a place and item group, the most particular one; None: the secretariat."""
    return await tx.fetchval(query("responsible_desk"), crisis_id, place, item_group, is_drill)


async def secretariat(tx: Transaction, crisis_id: UUID, *, is_drill: bool) -> UUID | None:
    """The secretariat's desk of a crisis, else its standing one, if there is any."""
    return await tx.fetchval(
        "SELECT desk_id FROM desks WHERE level = 'secretariat' AND is_active AND is_drill = $2"
        " AND (crisis_id IS NULL OR crisis_id = $1) ORDER BY crisis_id IS NULL, desk_id LIMIT 1",
        crisis_id,
        is_drill,
    )
