"""Held rows of organisations the registry suspended, and what desks are asked about them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crisis.store.queries import query
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class Hold:
    """A held row with where it is held."""

    allocation_id: UUID
    crisis_id: UUID
    need_line_id: UUID


async def unasked(tx: Transaction, org_id: UUID, since: datetime) -> list[Hold]:
    """Some held rows of an organisation that may not act about which nobody is asked.

    What a desk decided `since` its standing changed is not asked again.
    """
    rows = await tx.fetch(query("unasked_holds"), org_id, since)
    return [Hold(row["allocation_id"], row["crisis_id"], row["need_line_id"]) for row in rows]


async def questions(tx: Transaction, org_id: UUID) -> list[UUID]:
    """Tasks that wait for a decision on goods the organisation holds ready."""
    return [row["task_id"] for row in await tx.fetch(query("open_questions_about_holds"), org_id)]
