"""The nearest places that miss an item: every no to a pledger comes with them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from crisis.domain.alternatives import Alternative
from crisis.domain.earmarks import Earmark
from crisis.store import gaps, orders
from imece_chassis.clock import SystemClock
from imece_chassis.database import Transaction

__all__ = ["Alternative", "as_facts", "nearest_gaps"]


async def nearest_gaps(
    tx: Transaction,
    crisis_id: UUID,
    item_code: str,
    origin: str,
    *,
    limit: int = 3,
    without: UUID | None = None,
    earmark: Earmark | None = None,
    not_asked_by: UUID | None = None,
    now: datetime | None = None,
) -> list[Alternative]:
    """Open lines of the crisis with a gap in the item, by distance from the origin (p-code), then urgency.

    `without` leaves one line out, an earmark those outside it, `not_asked_by` an organisation's own; never
    lines under a saturation order. Raises UnknownPlace.
    """
    in_force = await orders.in_force(tx, [crisis_id])
    return await gaps.nearest(
        tx,
        crisis_id,
        item_code,
        origin,
        now or SystemClock().now(),
        limit=limit,
        without=without,
        earmark=earmark,
        not_asked_by=not_asked_by,
        stopped=in_force,
    )


def as_facts(alternatives: Sequence[Alternative]) -> list[dict[str, Any]]:
    """Alternatives as members of a problem document, an answer or an event."""
    return [dict(alternative.as_facts()) for alternative in alternatives]
