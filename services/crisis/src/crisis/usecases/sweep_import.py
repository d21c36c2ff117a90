"""SweepImport: some days after an upload what was in it goes; numbers, ids and outcomes stay."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from crisis.domain.imports import SWEEP, ImportState
from crisis.events import Story
from crisis.store import command_log, import_rows, imports
from crisis.usecases.authority import SYSTEM
from crisis.usecases.tools import Tools, audit
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline, fire, schedule

LOOK_AGAIN = timedelta(minutes=10)
"""After which an import whose rows are being worked off is looked at again."""


async def sweep_import(tx: Transaction, deadline_id: UUID, import_id: UUID, tools: Tools) -> bool:
    """False when somebody was quicker, or its rows are being worked off: then it is looked at again."""
    before = await imports.read(tx, import_id, is_locked=True)
    if before is None or before.sweep_deadline_id != deadline_id or not await fire(tx, deadline_id):
        return False
    now = tools.clock.now()
    if before.state is not ImportState.OPEN:
        again = replace(before, sweep_deadline_id=tools.new_id(), version=before.version + 1)
        assert again.sweep_deadline_id is not None
        due = Deadline(again.sweep_deadline_id, imports.SUBJECT, import_id, SWEEP, now + LOOK_AGAIN)
        await schedule(tx, due)
        await imports.update(tx, before, again)
        return False
    after = before.now(ImportState.SWEPT, sweep_deadline_id=None)
    await import_rows.sweep(tx, import_id)
    await imports.update(tx, before, after)
    story = Story(tools.new_id(), before.crisis_id, before.is_drill, None, SYSTEM, now)
    versions = (before.version, after.version)
    logged = audit(story, None, "sweep_import", imports.SUBJECT, import_id, versions)
    await command_log.record(tx, [logged])
    return True
