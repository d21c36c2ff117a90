"""What was asked of a line each time it was asked, and what is said to be met elsewhere."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from crisis.domain.allocations import Allocation
from crisis.domain.imports import Asked
from crisis.domain.line_terms import ElsewhereStatement, Terms
from crisis.domain.lines import Line
from crisis.store import allocations
from crisis.store.queries import query
from imece_chassis.database import Transaction
from imece_chassis.ids import BEFORE_ALL

_STATEMENT = (
    "SELECT statement_id, need_line_id, crisis_id, is_drill, qty, stated_by_org, evidence_ref, stated_at,"
    " revoked_at, revoked_by_org, revoke_reason FROM elsewhere_statements"
)


async def held(tx: Transaction, need_line_id: UUID, *, is_locked: bool = False) -> list[Allocation]:
    """Rows held for a line; `is_locked` locks them by id, after their offer lines and the line."""
    statement = "SELECT allocation_id FROM allocations WHERE need_line_id = $1 AND state = 'held'"
    statement += " ORDER BY allocation_id FOR UPDATE" if is_locked else ""
    rows = await tx.fetch(statement, need_line_id)
    return await allocations.read_many(tx, [row["allocation_id"] for row in rows])


async def add_revision(
    tx: Transaction,
    line: Line,
    terms: Terms,
    line_version: int,
    *,
    reason: str,
    by_org_id: UUID,
    command_id: UUID,
) -> int:
    """Write what is asked from this event of the line on; returns the revision's number."""
    return await tx.fetchval(
        query("insert_revision"),
        line.need_line_id,
        line.is_drill,
        terms.requested,
        terms.over_cap,
        terms.needed_by,
        reason,
        by_org_id,
        command_id,
        line_version,
    )


async def set_needed_by(tx: Transaction, line: Line, needed_by: datetime) -> None:
    """Move the time a locked line is needed by, and with it the clocks that follow it."""
    await tx.execute(
        "UPDATE need_lines SET needed_by = $3 WHERE need_line_id = $1 AND is_drill = $2",
        line.need_line_id,
        line.is_drill,
        needed_by,
    )
    await tx.execute(query("move_line_deadlines"), line.need_line_id, needed_by)


async def revisions(tx: Transaction, need_line_id: UUID, after: int, limit: int) -> list[dict[str, Any]]:
    """What was asked after a version, oldest first.

    A line is a drill's or not for ever; ordered by that too, its rows come out of their key as they are.
    """
    rows = await tx.fetch(
        "SELECT version, requested, over_cap, needed_by, reason, by_org_id, line_version, created_at"
        " FROM need_line_revisions WHERE need_line_id = $1 AND version > $2"
        " ORDER BY is_drill, version LIMIT $3",
        need_line_id,
        after,
        limit,
    )
    return [dict(row.items()) for row in rows]


async def asked_at(tx: Transaction, sequences: Sequence[tuple[UUID, int]]) -> dict[tuple[UUID, int], Asked]:
    """What was asked of each line at its sequence."""
    line_ids, at = [line_id for line_id, _ in sequences], [sequence for _, sequence in sequences]
    rows = await tx.fetch(query("asked_at"), line_ids, at)
    return {(row["need_line_id"], row["sequence"]): Asked(row["requested"], row["needed_by"]) for row in rows}


async def asked_before(tx: Transaction, line: Line) -> Asked:
    """What was asked of a locked line before its latest revision."""
    row = await tx.fetchrow(
        "SELECT requested, needed_by FROM need_line_revisions WHERE need_line_id = $1 AND is_drill = $2"
        " ORDER BY version DESC OFFSET 1 LIMIT 1",
        line.need_line_id,
        line.is_drill,
    )
    return Asked(row["requested"], row["needed_by"])


async def add_statement(
    tx: Transaction, said: ElsewhereStatement, command_id: UUID, line_version: int
) -> None:
    """Write a new statement."""
    await tx.execute(
        "INSERT INTO elsewhere_statements (statement_id, need_line_id, crisis_id, is_drill, qty,"
        " stated_by_org, evidence_ref, stated_at, command_id, line_version)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        said.statement_id,
        said.need_line_id,
        said.crisis_id,
        said.is_drill,
        said.qty,
        said.stated_by_org,
        said.evidence_ref,
        said.stated_at,
        command_id,
        line_version,
    )


async def statement(tx: Transaction, statement_id: UUID) -> ElsewhereStatement | None:
    """One statement; decide on it only after its line is locked."""
    row = await tx.fetchrow(_STATEMENT + " WHERE statement_id = $1", statement_id)
    return None if row is None else ElsewhereStatement(**dict(row.items()))


async def statements(tx: Transaction, need_line_ids: Sequence[UUID]) -> list[ElsewhereStatement]:
    """What is said of the lines, revoked ones included, oldest first."""
    rows = await tx.fetch(
        _STATEMENT + " WHERE need_line_id = ANY ($1::uuid[]) ORDER BY statement_id", need_line_ids
    )
    return [ElsewhereStatement(**dict(row.items())) for row in rows]


async def statements_after(
    tx: Transaction, need_line_id: UUID, after: UUID | None, limit: int
) -> list[ElsewhereStatement]:
    """What is said of a line after a statement, revoked ones included, oldest first."""
    rows = await tx.fetch(
        _STATEMENT + " WHERE need_line_id = $1 AND statement_id > $2 ORDER BY statement_id LIMIT $3",
        need_line_id,
        after or BEFORE_ALL,
        limit,
    )
    return [ElsewhereStatement(**dict(row.items())) for row in rows]


async def revoke(tx: Transaction, said: ElsewhereStatement) -> None:
    """Write who took a statement back, when and why; its line is locked."""
    await tx.execute(
        "UPDATE elsewhere_statements SET revoked_at = $3, revoked_by_org = $4, revoke_reason = $5"
        " WHERE statement_id = $1 AND is_drill = $2",
        said.statement_id,
        said.is_drill,
        said.revoked_at,
        said.revoked_by_org,
        said.revoke_reason,
    )
