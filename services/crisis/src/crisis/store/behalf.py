"""Whose desk wrote a stored row down for another organisation."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from crisis.domain.behalf import Behalf
from imece_chassis.database import Transaction


def behalf_of(row: Any) -> Behalf | None:
    """The mark of a row with `behalf_org_id` and `object_until`; None if its organisation spoke."""
    by_org_id = row["behalf_org_id"]
    return None if by_org_id is None else Behalf(by_org_id, row["object_until"])


async def objectable_until(tx: Transaction, offer_line_ids: Sequence[UUID]) -> datetime | None:
    """The latest end of the time to object to a row of these offer lines; None if nobody wrote one down."""
    return await tx.fetchval(
        "SELECT max(object_until) FROM allocations WHERE offer_line_id = ANY ($1::uuid[])", offer_line_ids
    )
