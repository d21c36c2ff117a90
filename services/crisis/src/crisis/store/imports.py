"""Imports and their clocks."""

from datetime import datetime
from typing import Any
from uuid import UUID

from crisis.domain.imports import RUN, SWEEP, Import, ImportState
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline, cancel, schedule
from imece_chassis.ids import BEYOND_ALL

SUBJECT = "import"

_IMPORT = (
    "SELECT import_id, crisis_id, is_drill, org_id, state, file_kind, digest, row_count, unknown_columns,"
    " created_at, keep_until, sweep_deadline_id, run_deadline_id, run_key_id, run_reason, version"
    " FROM imports"
)


async def insert(tx: Transaction, imported: Import) -> None:
    """Write a new import and the clock that ends it."""
    await tx.execute(
        "INSERT INTO imports (import_id, crisis_id, is_drill, org_id, file_kind, digest, row_count,"
        " unknown_columns, created_at, keep_until, sweep_deadline_id)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        imported.import_id,
        imported.crisis_id,
        imported.is_drill,
        imported.org_id,
        imported.file_kind,
        imported.digest,
        imported.rows,
        imported.unknown_columns,
        imported.created_at,
        imported.keep_until,
        imported.sweep_deadline_id,
    )
    assert imported.sweep_deadline_id is not None
    await _schedule(tx, imported, imported.sweep_deadline_id, SWEEP, imported.keep_until)


async def read(tx: Transaction, import_id: UUID, *, is_locked: bool = False) -> Import | None:
    """One import; `is_locked` locks it, before anything its rows lock."""
    lock = " FOR UPDATE" if is_locked else ""
    row = await tx.fetchrow(_IMPORT + " WHERE import_id = $1" + lock, import_id)
    return None if row is None else _import(row)


async def page(
    tx: Transaction, crisis_id: UUID, org_id: UUID, after: UUID | None, limit: int
) -> list[Import]:
    """Imports of an organisation in a crisis, newest first."""
    rows = await tx.fetch(
        _IMPORT + " WHERE crisis_id = $1 AND org_id = $2 AND import_id < $3 ORDER BY import_id DESC LIMIT $4",
        crisis_id,
        org_id,
        after or BEYOND_ALL,
        limit,
    )
    return [_import(row) for row in rows]


async def same_file(tx: Transaction, imported: Import) -> UUID | None:
    """The newest earlier import of the same file by the same organisation."""
    return await tx.fetchval(
        "SELECT import_id FROM imports WHERE crisis_id = $1 AND org_id = $2 AND digest = $3"
        " AND import_id < $4 ORDER BY import_id DESC LIMIT 1",
        imported.crisis_id,
        imported.org_id,
        imported.digest,
        imported.import_id,
    )


async def update(tx: Transaction, before: Import, after: Import, run_at: datetime | None = None) -> None:
    """Write a locked import after one step; a run that begins is due at `run_at`, clocks that end stop."""
    if after.run_deadline_id is not None and after.run_deadline_id != before.run_deadline_id:
        assert run_at is not None
        await _schedule(tx, after, after.run_deadline_id, RUN, run_at)
    ended = {before.run_deadline_id, before.sweep_deadline_id} - {
        after.run_deadline_id,
        after.sweep_deadline_id,
    }
    await cancel(tx, *(each for each in ended if each is not None))
    await tx.execute(
        "UPDATE imports SET state = $3, sweep_deadline_id = $4, run_deadline_id = $5, run_key_id = $6,"
        " run_reason = $7, version = $8 WHERE import_id = $1 AND is_drill = $2",
        after.import_id,
        after.is_drill,
        after.state,
        after.sweep_deadline_id,
        after.run_deadline_id,
        after.run_key_id,
        after.run_reason,
        after.version,
    )


async def _schedule(tx: Transaction, imported: Import, deadline_id: UUID, kind: str, at: datetime) -> None:
    await schedule(tx, Deadline(deadline_id, SUBJECT, imported.import_id, kind, at))


def _import(row: Any) -> Import:
    return Import(
        import_id=row["import_id"],
        crisis_id=row["crisis_id"],
        is_drill=row["is_drill"],
        org_id=row["org_id"],
        state=ImportState(row["state"]),
        file_kind=row["file_kind"],
        digest=bytes(row["digest"]),
        rows=row["row_count"],
        unknown_columns=row["unknown_columns"],
        created_at=row["created_at"],
        keep_until=row["keep_until"],
        sweep_deadline_id=row["sweep_deadline_id"],
        run_deadline_id=row["run_deadline_id"],
        run_key_id=row["run_key_id"],
        run_reason=row["run_reason"],
        version=row["version"],
    )
