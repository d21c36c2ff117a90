"""RunImport: the chosen rows of an import one by one, each in a transaction of its own.

Progress is the state of the rows, so a run that was cut short simply goes on, and no row is done twice. The
rights are those the key that chose them has at that moment.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import UUID

from crisis.domain.imports import Import, ImportRow, ImportState, Outcome, of_refusal
from crisis.domain.refusals import ImporterGone, Refusal, RowFailed
from crisis.events import Story
from crisis.store import command_log, import_rows, imports
from crisis.usecases.authority import SYSTEM
from crisis.usecases.import_step import apply_row, undo_row
from crisis.usecases.tools import Tools, audit
from imece_chassis.access.caller import Caller
from imece_chassis.database import Database, DatabaseUnavailable, OutcomeUnknown, Transaction
from imece_chassis.deadlines import fire, give_back
from imece_reference.refusals import ReferenceRefusal

ROWS_AT_ONCE = 50
"""Few enough for several imports to take turns, and for a turn to end long before its lease."""
WRITE = "crisis:need:write"

Holder = Callable[[Transaction, UUID], Awaitable[Caller | None]]
"""Who holds a key now, by its id; None when it may no longer be used."""

_log = logging.getLogger(__name__)


async def run_import(
    database: Database,
    deadline_id: UUID,
    import_id: UUID,
    tools: Tools,
    holder: Holder,
    *,
    rows_at_once: int = ROWS_AT_ONCE,
) -> int:
    """Work off chosen rows; returns how many. After `rows_at_once` the deadline comes back at once."""
    for done in range(rows_at_once):
        number = await database.snapshot(lambda tx: import_rows.next_due(tx, import_id))
        if number is None:
            await database.unit_of_work(lambda tx: _finish(tx, deadline_id, import_id, tools))
            return done
        await _work_off(database, import_id, number, tools, holder)
    await database.unit_of_work(lambda tx: give_back(tx, deadline_id))
    return rows_at_once


async def _work_off(database: Database, import_id: UUID, number: int, tools: Tools, holder: Holder) -> None:
    """One row: done, or refused with its reason. Only a database that is away keeps it waiting."""
    try:
        await database.unit_of_work(lambda tx: _do(tx, import_id, number, tools, holder))
    except (DatabaseUnavailable, OutcomeUnknown):
        raise
    except (Refusal, ReferenceRefusal) as error:
        refused: Refusal | ReferenceRefusal = error
    except Exception:  # noqa: BLE001 - one row must not keep the others waiting
        _log.exception("import_row_failed", extra={"fields": {"import": str(import_id), "row": number}})
        refused = RowFailed()
    else:
        return
    await database.unit_of_work(lambda tx: _refuse(tx, import_id, number, refused, tools))


async def _do(tx: Transaction, import_id: UUID, number: int, tools: Tools, holder: Holder) -> None:
    found = await _locked(tx, import_id, number)
    if found is None:
        return
    imported, row = found
    caller = await _caller(tx, imported, holder)
    if row.outcome is Outcome.CHOSEN:
        after = await apply_row(tx, imported, row, caller, tools)
        outcome = Outcome.APPLIED
    else:
        after = await undo_row(tx, imported, row, caller, tools)
        outcome = Outcome.UNDONE
    await import_rows.settle(tx, import_id, after.settled(outcome, tools.clock.now()))


async def _refuse(
    tx: Transaction, import_id: UUID, number: int, refused: Refusal | ReferenceRefusal, tools: Tools
) -> None:
    found = await _locked(tx, import_id, number)
    if found is None:
        return
    _, row = found
    outcome = Outcome.REFUSED if row.outcome is Outcome.CHOSEN else Outcome.KEPT
    after = row.settled(outcome, tools.clock.now(), problem=of_refusal(refused))
    await import_rows.settle(tx, import_id, after)


async def _locked(tx: Transaction, import_id: UUID, number: int) -> tuple[Import, ImportRow] | None:
    """The import and a row of it that still waits; None when another worker was quicker."""
    row = await import_rows.lock(tx, import_id, number)
    imported = await imports.read(tx, import_id)
    if imported is None or row is None or row.outcome not in (Outcome.CHOSEN, Outcome.UNDOING):
        return None
    return imported, row


async def _caller(tx: Transaction, imported: Import, holder: Holder) -> Caller:
    """Who chose the rows, with the rights of this moment; raises ImporterGone."""
    caller = None if imported.run_key_id is None else await holder(tx, imported.run_key_id)
    if caller is None or not caller.has_scope(WRITE) or caller.organisation_id != imported.org_id:
        raise ImporterGone
    return caller


async def _finish(tx: Transaction, deadline_id: UUID, import_id: UUID, tools: Tools) -> None:
    before = await imports.read(tx, import_id, is_locked=True)
    if before is None or before.run_deadline_id != deadline_id or not await fire(tx, deadline_id):
        return
    ended = replace(before, run_deadline_id=None, run_key_id=None, run_reason=None)
    after = ended.now(ImportState.OPEN)
    await imports.update(tx, before, after)
    story = Story(tools.new_id(), before.crisis_id, before.is_drill, None, SYSTEM, tools.clock.now())
    versions = (before.version, after.version)
    logged = audit(story, None, "finish_import_run", imports.SUBJECT, import_id, versions)
    await command_log.record(tx, [logged])
