"""What was done to a need, its lines and what was promised for them: the audit trail, read as a story."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from crisis.store.queries import query
from imece_chassis.database import Transaction
from imece_chassis.selection import Selection


@dataclass(frozen=True, slots=True)
class Event:
    """One command on one subject; `actor_org_id` is None when it was the clock.

    `bundle_id` is what an allocation is a row of.
    """

    command_id: UUID
    command: str
    at: datetime
    device_at: datetime | None
    subject_type: str
    subject_id: UUID
    bundle_id: UUID | None
    actor_role: str
    actor_org_id: UUID | None
    reason: str | None
    before_version: int
    after_version: int


async def of_need(
    tx: Transaction, need_id: UUID, after: tuple[Any, ...] | None, limit: int, *, pledges_of: UUID | None
) -> list[Event]:
    """Oldest first, after (at, command, subject); `pledges_of` leaves out what others promised."""
    chosen, of_pledger = Selection(need_id), ""
    if pledges_of is not None:
        of_pledger = f"AND allocation.pledger_org_id = {chosen.place(pledges_of)}"
    if after is not None:
        at, command_id, subject_id = after
        last = f"{chosen.place(UUID(command_id))}, {chosen.place(UUID(subject_id))}"
        position = f"(logged.at, logged.command_id, logged.subject_id) > ({{}}, {last})"
        chosen.where(position, datetime.fromisoformat(at))
    statement = chosen.statement(query("read_need_history"), limit, of_pledger=of_pledger)
    return [Event(**row) for row in await tx.fetch(*statement)]
