"""Conditions of allocations and their deadlines. Changed only under the lock of the row they belong to."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from crisis.domain.conditions import DUE, SUBJECT, Condition, ConditionState, ConditionType, Stating
from crisis.store.queries import query
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline, cancel, schedule


async def insert(tx: Transaction, conditions: Sequence[Condition]) -> None:
    """Write new conditions with their deadlines, after their rows."""
    if not conditions:
        return
    await tx.execute(
        query("insert_conditions"),
        [each.condition_id for each in conditions],
        [each.root_id for each in conditions],
        [each.allocation_id for each in conditions],
        [each.is_drill for each in conditions],
        [each.type for each in conditions],
        [each.min_qty for each in conditions],
        [each.due_at for each in conditions],
        [each.state for each in conditions],
        [each.stated_by for each in conditions],
        [each.deadline_id for each in conditions],
    )
    deadlines = [
        Deadline(each.deadline_id, SUBJECT, each.condition_id, DUE, each.due_at)
        for each in conditions
        if each.deadline_id is not None
    ]
    await schedule(tx, *deadlines)


async def settle(tx: Transaction, before: Sequence[Condition], after: Sequence[Condition]) -> None:
    """Write what became of locked conditions; their clocks stop."""
    if not after:
        return
    await cancel(tx, *(each.deadline_id for each in before if each.deadline_id is not None))
    await tx.execute(
        "UPDATE conditions AS stored SET state = settled.state, waiver_reason = settled.waiver_reason,"
        " deadline_id = NULL, settled_at = now()"
        " FROM unnest($1::uuid[], $2::text[], $3::text[]) AS settled (condition_id, state, waiver_reason)"
        " WHERE stored.condition_id = settled.condition_id",
        [each.condition_id for each in after],
        [each.state for each in after],
        [each.waiver_reason for each in after],
    )


async def of_root(tx: Transaction, root_id: UUID) -> list[Condition]:
    """All conditions under a root, oldest first; for a decision only while the row is locked."""
    rows = await tx.fetch(query("read_conditions") + " WHERE root_id = $1 ORDER BY condition_id", root_id)
    return [_condition(row) for row in rows]


async def of_roots(tx: Transaction, root_ids: Sequence[UUID]) -> dict[UUID, list[Condition]]:
    """The same for many roots; every root is in it."""
    found: dict[UUID, list[Condition]] = {root_id: [] for root_id in root_ids}
    statement = query("read_conditions") + " WHERE root_id = ANY ($1::uuid[]) ORDER BY condition_id"
    for row in await tx.fetch(statement, root_ids):
        found[row["root_id"]].append(_condition(row))
    return found


async def read(tx: Transaction, condition_id: UUID) -> Condition | None:
    """One condition."""
    row = await tx.fetchrow(query("read_conditions") + " WHERE condition_id = $1", condition_id)
    return None if row is None else _condition(row)


async def leaves_of(tx: Transaction, root_id: UUID) -> list[UUID]:
    """The rows under a root that still wait for an answer or their turn, by id: a cut leaves several."""
    rows = await tx.fetch(
        "SELECT allocation_id FROM allocations"
        " WHERE (allocation_id = $1 OR root_id = $1 AND parent_id IS NOT NULL)"
        " AND state IN ('proposed', 'countered', 'waitlisted') ORDER BY allocation_id",
        root_id,
    )
    return [row["allocation_id"] for row in rows]


def _condition(row: Any) -> Condition:
    return Condition(
        condition_id=row["condition_id"],
        root_id=row["root_id"],
        allocation_id=row["allocation_id"],
        is_drill=row["is_drill"],
        type=ConditionType(row["type"]),
        due_at=row["due_at"],
        state=ConditionState(row["state"]),
        stated_by=Stating(row["stated_by"]),
        deadline_id=row["deadline_id"],
        min_qty=row["min_qty"],
        waiver_reason=row["waiver_reason"],
    )
