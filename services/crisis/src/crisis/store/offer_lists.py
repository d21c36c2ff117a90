"""Which offers: of a crisis, to be matched, behind their organisation; how urgent items are."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from crisis.domain.clocks import Urgency
from crisis.domain.offers import Offer
from crisis.store.offers import read_many
from crisis.store.queries import query
from imece_chassis.database import Transaction
from imece_chassis.ids import BEFORE_ALL, BEYOND_ALL
from imece_chassis.selection import Selection


async def page(
    tx: Transaction,
    crisis_id: UUID,
    *,
    org_id: UUID | None,
    state: str | None,
    after: UUID | None,
    limit: int,
) -> list[Offer]:
    """Offers of a crisis, newest first: of one organisation, or all that others have heard of."""
    chosen = (
        Selection()
        .where("crisis_id = {}", crisis_id)
        .where("offer_id < {}", after or BEYOND_ALL)
        .where("org_id = {}", org_id)
        .when(org_id is None, "told > 0")
        .where("state = {}", state)
    )
    return await _in_order(tx, await tx.fetch(*chosen.statement(query("list_offers"), limit)))


async def to_match(
    tx: Transaction, crisis_id: UUID, now: datetime, after: UUID | None, limit: int
) -> list[Offer]:
    """Open offers without target that still have something free, oldest first."""
    rows = await tx.fetch(query("list_match_queue"), crisis_id, now, after or BEFORE_ALL, limit)
    return await _in_order(tx, rows)


async def _in_order(tx: Transaction, rows: Sequence[Any]) -> list[Offer]:
    known = await read_many(tx, [row["offer_id"] for row in rows])
    return [known[row["offer_id"]] for row in rows]


async def behind_standing(tx: Transaction, org_id: UUID, now: datetime) -> list[UUID]:
    """Some of the organisation's running offers that have not followed its standing yet."""
    return [row[0] for row in await tx.fetch(query("offers_behind_standing"), org_id, now)]


async def most_urgent(tx: Transaction, crisis_id: UUID, item_codes: Sequence[str]) -> Urgency:
    """How urgently one of the items is missing somewhere in the crisis; normal if nowhere."""
    found = {row["urgency"] for row in await tx.fetch(query("urgencies_of_items"), crisis_id, item_codes)}
    return next((urgency for urgency in Urgency if urgency in found), Urgency.NORMAL)
