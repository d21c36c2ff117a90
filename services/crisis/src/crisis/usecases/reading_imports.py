"""Imports as their own organisation reads them: how far they are, and row by row."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from crisis.domain.imports import Import, ImportRow
from crisis.domain.refusals import NotFound
from crisis.store import crises, import_rows, imports
from crisis.usecases.choose_rows import own_import
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class Counted:
    """An import with how many of its rows have each status and each outcome."""

    imported: Import
    statuses: dict[str, int]
    outcomes: dict[str, int]


async def counted(tx: Transaction, found: Sequence[Import]) -> list[Counted]:
    """The imports with their counts."""
    counts = await import_rows.counts(tx, [each.import_id for each in found])
    return [Counted(each, *counts[each.import_id]) for each in found]


async def one_import(tx: Transaction, import_id: UUID, caller: Caller) -> Counted:
    """One import; raises NotFound, also for those of others."""
    return (await counted(tx, [await own_import(tx, import_id, caller.organisation_id)]))[0]


async def own_imports(
    tx: Transaction, crisis_id: UUID, caller: Caller, after: UUID | None, limit: int
) -> list[Counted]:
    """Imports of the caller's organisation in a crisis, newest first; raises NotFound."""
    if await crises.read(tx, crisis_id) is None:
        raise NotFound(kind="crisis", id=str(crisis_id))
    return await counted(tx, await imports.page(tx, crisis_id, caller.organisation_id, after, limit))


async def rows_of(
    tx: Transaction,
    import_id: UUID,
    caller: Caller,
    statuses: Sequence[str] | None,
    outcome: str | None,
    after: int | None,
    limit: int,
) -> list[ImportRow]:
    """Rows of an import in the order of the file; raises NotFound."""
    await own_import(tx, import_id, caller.organisation_id)
    return await import_rows.page(tx, import_id, statuses=statuses, outcome=outcome, after=after, limit=limit)
