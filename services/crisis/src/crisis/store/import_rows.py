"""Rows of imports: what they say beside the ledger, which were chosen, and what became of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from crisis.domain.imports import Change, Compared, Import, ImportRow, Issue, Outcome, Status
from crisis.domain.needs import Statement
from crisis.store.need_rows import draft_json, draft_of, facts_json, facts_of
from crisis.store.queries import query
from imece_chassis.database import Transaction
from imece_chassis.selection import Selection

_ROW = (
    "SELECT row_no, status, need_line_id, need_id, changes, statement, issues, outcome, problem, settled_at"
    " FROM import_rows"
)


async def insert(tx: Transaction, imported: Import, rows: Sequence[Compared]) -> None:
    """Write the rows of a new import."""
    await tx.execute(
        query("insert_import_rows"),
        imported.import_id,
        imported.is_drill,
        [row.number for row in rows],
        [row.status for row in rows],
        [row.need_line_id for row in rows],
        [json.dumps([asdict(change) for change in row.changes]) for row in rows],
        [_statement_json(row.statement) for row in rows],
        [json.dumps([asdict(issue) for issue in row.issues], ensure_ascii=False) for row in rows],
    )


async def page(
    tx: Transaction,
    import_id: UUID,
    *,
    statuses: Sequence[str] | None = None,
    outcome: str | None = None,
    after: int | None = None,
    limit: int,
) -> list[ImportRow]:
    """Rows in the order of the file."""
    chosen = (
        Selection()
        .where("import_id = {}", import_id)
        .where("status = ANY ({}::text[])", statuses)
        .where("outcome = {}", outcome)
        .where("row_no > {}", after)
    )
    rows = await tx.fetch(*chosen.statement(query("list_import_rows"), limit))
    return [_row(row) for row in rows]


async def counts(
    tx: Transaction, import_ids: Sequence[UUID]
) -> dict[UUID, tuple[dict[str, int], dict[str, int]]]:
    """By import, how many rows have each status and each outcome."""
    found: dict[UUID, tuple[dict[str, int], dict[str, int]]] = {each: ({}, {}) for each in import_ids}
    for row in await tx.fetch(
        "SELECT import_id, status, outcome, count(*) AS many FROM import_rows"
        " WHERE import_id = ANY ($1::uuid[]) GROUP BY import_id, status, outcome",
        import_ids,
    ):
        statuses, outcomes = found[row["import_id"]]
        statuses[row["status"]] = statuses.get(row["status"], 0) + row["many"]
        if row["outcome"] is not None:
            outcomes[row["outcome"]] = outcomes.get(row["outcome"], 0) + row["many"]
    return found


async def standing(tx: Transaction, import_id: UUID, numbers: Sequence[int]) -> dict[int, ImportRow]:
    """The named rows of a locked import, by number; those the file does not have are absent."""
    rows = await tx.fetch(_ROW + " WHERE import_id = $1 AND row_no = ANY ($2::int[])", import_id, numbers)
    return {row["row_no"]: _row(row) for row in rows}


async def choose(
    tx: Transaction,
    import_id: UUID,
    numbers: Sequence[int] | None,
    statuses: Sequence[Status],
    come_from: Sequence[Outcome | None],
    to: Outcome,
) -> int:
    """Mark rows of a locked import to be worked off: all, or those named, of these statuses and outcomes.
    Returns how many."""
    tag = await tx.execute(
        "UPDATE import_rows SET outcome = $5, problem = NULL WHERE import_id = $1"
        " AND ($2::int[] IS NULL OR row_no = ANY ($2)) AND status = ANY ($3::text[])"
        " AND coalesce(outcome, '') = ANY ($4::text[])",
        import_id,
        numbers,
        list(statuses),
        [outcome or "" for outcome in come_from],
        to,
    )
    return int(tag.rsplit(" ", 1)[-1])


async def next_due(tx: Transaction, import_id: UUID) -> int | None:
    """The number of the first row that waits to be worked off."""
    return await tx.fetchval(
        "SELECT min(row_no) FROM import_rows WHERE import_id = $1 AND outcome IN ('chosen', 'undoing')",
        import_id,
    )


async def lock(tx: Transaction, import_id: UUID, number: int) -> ImportRow | None:
    """One row, locked before anything its command locks."""
    row = await tx.fetchrow(_ROW + " WHERE import_id = $1 AND row_no = $2 FOR UPDATE", import_id, number)
    return None if row is None else _row(row)


async def settle(tx: Transaction, import_id: UUID, row: ImportRow) -> None:
    """Write what became of a locked row."""
    problem = None if row.problem is None else json.dumps(asdict(row.problem), ensure_ascii=False)
    await tx.execute(
        "UPDATE import_rows SET outcome = $3, problem = $4, settled_at = $5, need_line_id = $6, need_id = $7"
        " WHERE import_id = $1 AND row_no = $2",
        import_id,
        row.number,
        row.outcome,
        problem,
        row.settled_at,
        row.need_line_id,
        row.need_id,
    )


async def sweep(tx: Transaction, import_id: UUID) -> None:
    """Take away what was uploaded; numbers, ids, outcomes and codes stay."""
    await tx.execute(
        "UPDATE import_rows SET statement = NULL, changes = '[]', issues = '[]' WHERE import_id = $1",
        import_id,
    )


def _statement_json(said: Statement | None) -> str | None:
    if said is None:
        return None
    return f'{{"facts": {facts_json(said)}, "lines": {draft_json(said.lines)}}}'


def _row(row: Any) -> ImportRow:
    changes: list[Mapping[str, Any]] = json.loads(row["changes"])
    issues: list[Mapping[str, Any]] = json.loads(row["issues"])
    return ImportRow(
        number=row["row_no"],
        status=Status(row["status"]),
        need_line_id=row["need_line_id"],
        need_id=row["need_id"],
        changes=tuple(Change(**each) for each in changes),
        statement=_statement_of(row["statement"]),
        issues=tuple(Issue(**each) for each in issues),
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        problem=Issue(**json.loads(row["problem"])) if row["problem"] else None,
        settled_at=row["settled_at"],
    )


def _statement_of(document: str | None) -> Statement | None:
    if document is None:
        return None
    stored: dict[str, Any] = json.loads(document)
    facts, lines = facts_of(json.dumps(stored["facts"])), draft_of(json.dumps(stored["lines"]))
    assert facts is not None
    return replace(facts, lines=lines or ())
