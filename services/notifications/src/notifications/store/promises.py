"""A copy of who promised what, from the ledger's own events. An older event never overwrites a newer one."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from imece_chassis.database import Transaction
from notifications.domain.promises import Order, Place, Promise

_KEEP = """
INSERT INTO notify.promises AS known
    (allocation_id, need_line_id, organisation_id, crisis_id, item, district, urgency, is_open, changed_at)
SELECT allocation_id, need_line_id, organisation_id, crisis_id, item, district, urgency, is_open, changed_at
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[],
              $8::boolean[], $9::timestamptz[])
         AS p (allocation_id, need_line_id, organisation_id, crisis_id, item, district, urgency, is_open,
               changed_at)
ON CONFLICT (allocation_id) DO UPDATE
   SET need_line_id = excluded.need_line_id, item = excluded.item, district = excluded.district,
       urgency = excluded.urgency, is_open = excluded.is_open, changed_at = excluded.changed_at
 WHERE known.changed_at <= excluded.changed_at
"""
_MOVE = """
UPDATE notify.promises p SET district = place.district, urgency = place.urgency
  FROM unnest($1::uuid[], $2::text[], $3::text[]) AS place (need_line_id, district, urgency)
 WHERE p.need_line_id = place.need_line_id AND p.is_open
   AND (p.district, p.urgency) IS DISTINCT FROM (place.district, place.urgency)
"""
_STANDING = """
SELECT DISTINCT organisation_id, district, urgency FROM notify.promises
 WHERE crisis_id = $1 AND item = ANY ($2::text[]) AND is_open
 ORDER BY organisation_id
"""


async def keep(tx: Transaction, promises: Sequence[Promise]) -> None:
    """Remember promises; the newest word about each counts, of two from one moment the later in the batch."""
    last: dict[UUID, Promise] = {}
    for promise in promises:
        known = last.get(promise.allocation_id)
        if known is None or promise.changed_at >= known.changed_at:
            last[promise.allocation_id] = promise
    if not last:
        return
    rows = [
        (
            each.allocation_id,
            each.need_line_id,
            each.organisation_id,
            each.crisis_id,
            each.item,
            each.district,
            each.urgency,
            each.is_open,
            each.changed_at,
        )
        for _, each in sorted(last.items())
    ]
    await tx.execute(_KEEP, *(list(column) for column in zip(*rows, strict=True)))


async def move(tx: Transaction, places: Sequence[Place]) -> None:
    """Follow lines that moved or became more urgent."""
    last = {place.need_line_id: place for place in places}
    if last:
        rows = [(each.need_line_id, each.district, each.urgency) for _, each in sorted(last.items())]
        await tx.execute(_MOVE, *(list(column) for column in zip(*rows, strict=True)))


async def now(tx: Transaction) -> datetime:
    """The database's time."""
    return await tx.fetchval("SELECT now()")


async def holders(tx: Transaction, order: Order) -> tuple[UUID, ...]:
    """Organisations with a standing promise of these goods in the order's area, each once."""
    rows = await tx.fetch(_STANDING, order.crisis_id, sorted(order.items))
    found = {row["organisation_id"]: None for row in rows if order.reaches(row["district"], row["urgency"])}
    return tuple(found)
