"""Merges of needs, and which rows changed their line by them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from crisis.domain.allocations import Allocation
from crisis.domain.line_terms import ElsewhereStatement
from crisis.domain.merging import MOVING, Merge, MergedLine, MergeMode
from crisis.store import allocations
from crisis.store.queries import query
from imece_chassis.database import Transaction

_LATEST = """
SELECT merge_id, crisis_id, is_drill, need_id, into_need_id, mode, by_org_id, command_id, merged_at,
       undo_until, undone_at, undo_command_id
FROM need_merges WHERE need_id = $1 ORDER BY merge_id DESC LIMIT 1
"""
_LATEST_LOCKED = _LATEST + "FOR UPDATE"


async def insert(tx: Transaction, merge: Merge, lines: Sequence[MergedLine]) -> None:
    """Write a merge and its lines."""
    await tx.execute(
        "INSERT INTO need_merges (merge_id, crisis_id, is_drill, need_id, into_need_id, mode, by_org_id,"
        " command_id, merged_at, undo_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        merge.merge_id,
        merge.crisis_id,
        merge.is_drill,
        merge.need_id,
        merge.into_need_id,
        merge.mode,
        merge.by_org_id,
        merge.command_id,
        merge.merged_at,
        merge.undo_until,
    )
    await tx.execute(
        "INSERT INTO need_line_merges (merge_id, is_drill, need_line_id, into_line_id, requested_before,"
        " revision) SELECT $1, $2, need_line_id, into_line_id, requested_before, revision"
        " FROM unnest($3::uuid[], $4::uuid[], $5::numeric[], $6::int[])"
        " AS line (need_line_id, into_line_id, requested_before, revision)",
        merge.merge_id,
        merge.is_drill,
        [line.need_line_id for line in lines],
        [line.into_line_id for line in lines],
        [line.requested_before for line in lines],
        [line.revision for line in lines],
    )


async def remember_rows(
    tx: Transaction,
    merge: Merge,
    need_line_id: UUID,
    rows: Sequence[Allocation],
    statements: Sequence[ElsewhereStatement],
) -> None:
    """Write which rows and statements left the line, rows as they arrived."""
    await tx.execute(
        "INSERT INTO merged_allocations (merge_id, is_drill, allocation_id, need_line_id, version, due_at)"
        " SELECT $1, $2, allocation_id, $3, version, due_at"
        " FROM unnest($4::uuid[], $5::bigint[], $6::timestamptz[]) AS row (allocation_id, version, due_at)",
        merge.merge_id,
        merge.is_drill,
        need_line_id,
        [row.allocation_id for row in rows],
        [row.version for row in rows],
        [row.clock.due_at if row.clock else None for row in rows],
    )
    await tx.execute(
        "INSERT INTO merged_statements (merge_id, is_drill, statement_id, need_line_id)"
        " SELECT $1, $2, statement_id, $3 FROM unnest($4::uuid[]) AS said (statement_id)",
        merge.merge_id,
        merge.is_drill,
        need_line_id,
        [said.statement_id for said in statements],
    )


async def latest(tx: Transaction, need_id: UUID, *, is_locked: bool = False) -> Merge | None:
    """The latest merge of a need into another one, undone or not."""
    row = await tx.fetchrow(_LATEST_LOCKED if is_locked else _LATEST, need_id)
    return None if row is None else replace(Merge(*row), mode=MergeMode(row["mode"]))


async def set_undone(tx: Transaction, merge: Merge, line_versions: Mapping[UUID, int]) -> None:
    """Write that and by which command a merge was undone.

    `line_versions`: by line that was merged, the event of its survivor with which that happened.
    """
    await tx.execute(
        "UPDATE need_merges SET undone_at = $3, undo_command_id = $4 WHERE merge_id = $1 AND is_drill = $2",
        merge.merge_id,
        merge.is_drill,
        merge.undone_at,
        merge.undo_command_id,
    )
    await tx.execute(
        "INSERT INTO undone_line_merges (merge_id, is_drill, need_line_id, undone_line_version)"
        " SELECT $1, $2, need_line_id, line_version FROM unnest($3::uuid[], $4::bigint[])"
        " AS line (need_line_id, line_version)",
        merge.merge_id,
        merge.is_drill,
        list(line_versions),
        list(line_versions.values()),
    )


async def merged_lines(tx: Transaction, merge_id: UUID) -> list[MergedLine]:
    """The pairs of lines of a merge."""
    rows = await tx.fetch(
        "SELECT need_line_id, into_line_id, requested_before, revision FROM need_line_merges"
        " WHERE merge_id = $1 ORDER BY need_line_id",
        merge_id,
    )
    return [MergedLine(**dict(row.items())) for row in rows]


async def merged_versions(tx: Transaction, merge_id: UUID, need_line_id: UUID) -> dict[UUID, int]:
    """Rows that left a line by a merge, with the version they arrived with."""
    rows = await tx.fetch(
        "SELECT allocation_id, version FROM merged_allocations WHERE merge_id = $1 AND need_line_id = $2",
        merge_id,
        need_line_id,
    )
    return {row["allocation_id"]: row["version"] for row in rows}


async def unmoved(tx: Transaction, merge: Merge, into_line_id: UUID) -> set[UUID]:
    """Rows on a surviving line whose last entry is their arrival: nothing happened to their goods since."""
    rows = await tx.fetch(query("unmoved_since_merge"), into_line_id, merge.is_drill, merge.command_id)
    return {row["allocation_id"] for row in rows}


async def merged_statements(tx: Transaction, merge_id: UUID, need_line_id: UUID) -> set[UUID]:
    """Statements that left a line by a merge."""
    rows = await tx.fetch(
        "SELECT statement_id FROM merged_statements WHERE merge_id = $1 AND need_line_id = $2",
        merge_id,
        need_line_id,
    )
    return {row["statement_id"] for row in rows}


async def rows_on(tx: Transaction, need_line_ids: Sequence[UUID]) -> dict[UUID, list[Allocation]]:
    """Rows of locked lines that go with their line, locked by id."""
    locked = await tx.fetch(
        "SELECT allocation_id FROM allocations WHERE need_line_id = ANY ($1::uuid[]) AND state = ANY ($2)"
        " ORDER BY allocation_id FOR UPDATE",
        need_line_ids,
        sorted(MOVING),
    )
    found: dict[UUID, list[Allocation]] = {line_id: [] for line_id in need_line_ids}
    for row in await allocations.read_many(tx, [each["allocation_id"] for each in locked]):
        found[row.need_line_id].append(row)
    return found


async def rehome(tx: Transaction, rows: Sequence[Allocation]) -> None:
    """Write the line and version of locked rows that changed their line, and nothing else of them."""
    await tx.execute(
        query("rehome_allocations"),
        [row.allocation_id for row in rows],
        [row.is_drill for row in rows],
        [row.need_line_id for row in rows],
        [row.version for row in rows],
    )


async def restore_clocks(
    tx: Transaction, merge_id: UUID, rows: Sequence[Allocation], cut_to: datetime
) -> None:
    """Give leases the merge cut to `cut_to`, when the survivor's line was needed, the time they had before.

    A clock that was moved since, or stood still, keeps its time.
    """
    await tx.execute(
        "UPDATE deadlines AS deadline SET due_at = merged.due_at FROM merged_allocations AS merged,"
        " allocations AS row WHERE merged.merge_id = $1 AND merged.allocation_id = ANY ($2::uuid[])"
        " AND row.allocation_id = merged.allocation_id AND deadline.deadline_id = row.deadline_id"
        " AND deadline.state = 'pending' AND deadline.paused_since IS NULL AND row.state = 'held'"
        " AND deadline.due_at = $3 AND merged.due_at > $3",
        merge_id,
        [row.allocation_id for row in rows],
        cut_to,
    )


async def rehome_statements(tx: Transaction, statements: Sequence[ElsewhereStatement], into: UUID) -> None:
    """Take statements to another line."""
    await tx.execute(
        "UPDATE elsewhere_statements SET need_line_id = $2 WHERE statement_id = ANY ($1::uuid[])",
        [said.statement_id for said in statements],
        into,
    )


async def latest_revisions(tx: Transaction, need_line_ids: Sequence[UUID]) -> dict[UUID, int]:
    """The number of the latest revision of each line."""
    rows: list[Any] = await tx.fetch(
        "SELECT need_line_id, max(version) AS version FROM need_line_revisions"
        " WHERE need_line_id = ANY ($1::uuid[]) GROUP BY need_line_id",
        need_line_ids,
    )
    return {row["need_line_id"]: row["version"] for row in rows}
