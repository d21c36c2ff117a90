"""What was done to a need, its lines and what was promised for them: the audit trail, read as a story."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from crisis.store.queries import query
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class Event:
    """One command on one subject; `actor_org_id` is None when it was the clock."""

    command_id: UUID
    command: str
    at: datetime
    subject_type: str
    subject_id: UUID
    actor_role: str
    actor_org_id: UUID | None
    reason: str | None
    before_version: int
    after_version: int


async def of_need(
    tx: Transaction, need_id: UUID, after: tuple[Any, ...] | None, limit: int, *, pledges_of: UUID | None
) -> list[Event]:
    """Oldest first, after (at, command, subject); `pledges_of` leaves out what others promised."""
    at, command_id, subject_id = after or (None, None, None)
    rows = await tx.fetch(
        query("read_need_history"),
        need_id,
        pledges_of,
        datetime.fromisoformat(at) if at else None,
        UUID(command_id) if command_id else None,
        UUID(subject_id) if subject_id else None,
        limit,
    )
    return [Event(**row) for row in rows]
