"""Lists of allocations: which ones, in which order, and when each last changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from crisis.domain.allocations import Allocation
from crisis.store import allocations
from crisis.store.queries import query
from imece_chassis.database import Transaction
from imece_chassis.ids import BEYOND_ALL
from imece_chassis.selection import Selection


@dataclass(frozen=True, slots=True)
class Listed:
    """An allocation and when it last changed."""

    row: Allocation
    changed_at: datetime


async def page(
    tx: Transaction,
    crisis_id: UUID,
    *,
    pledger: UUID | None,
    state: str | None,
    need_line_id: UUID | None,
    bundle_id: UUID | None = None,
    updated_since: datetime | None,
    after: tuple[Any, ...] | None,
    limit: int,
) -> list[Listed]:
    """Allocations of a crisis, newest first; with `updated_since` in the order of their change.

    `after` is (id,) or, by change, (changed_at, id) of the last.
    """
    chosen = Selection().where("crisis_id = {}", crisis_id)
    if updated_since is None:
        chosen.where("allocation_id < {}", BEYOND_ALL if after is None else UUID(after[0]))
        order = "allocation_id DESC"
    else:
        chosen.where("changed_at >= {}", updated_since)
        if after is not None:
            last_at = chosen.place(UUID(after[1]))
            chosen.where(f"(changed_at, allocation_id) > ({{}}, {last_at})", datetime.fromisoformat(after[0]))
        order = "changed_at, allocation_id"
    chosen.where("pledger_org_id = {}", pledger).where("state = {}", state)
    chosen.where("need_line_id = {}", need_line_id).where("bundle_id = {}", bundle_id)
    found = await tx.fetch(*chosen.statement(query("list_pledges"), limit, order=order))
    rows = await allocations.read_many(tx, [each["allocation_id"] for each in found])
    return [Listed(row, each["changed_at"]) for row, each in zip(rows, found, strict=True)]
