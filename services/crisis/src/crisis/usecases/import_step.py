"""What one chosen row of an import does: an ordinary command, and its inverse.

The command's own guards decide. Beside them a row counts only while the ledger still says what it was
compared with: that is asked after the command, which holds the locks, and takes it back otherwise.
"""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from crisis.domain.balances import ZERO
from crisis.domain.imports import Asked, Import, ImportRow, Status
from crisis.domain.lines import Line
from crisis.domain.needs import CloseReason, HandlingSaid, Intake
from crisis.domain.refusals import HoldsStand, LineMovedOn, NeedBuiltOn, NeedTakenUp
from crisis.domain.units import plain
from crisis.store import line_terms, need_allocations, needs
from crisis.usecases.close_need import CloseNeed, close_need
from crisis.usecases.line_step import seen_line
from crisis.usecases.revise_need_line import ReviseNeedLine, revise_need_line
from crisis.usecases.submit_need import SubmitNeed, submit_need
from crisis.usecases.tools import Tools
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


async def apply_row(
    tx: Transaction, imported: Import, row: ImportRow, caller: Caller, tools: Tools
) -> ImportRow:
    """Submit a new need, or revise the line. Raises LineMovedOn and what those commands do."""
    if row.status is not Status.NEW:
        await _revise(tx, imported, row, caller, tools, is_back=False)
        return row
    said = row.statement
    assert said is not None
    wanted = SubmitNeed(
        crisis_id=imported.crisis_id,
        district=said.district,
        urgency=said.urgency,
        lines=said.lines,
        contact_ref=said.contact_ref,
        title=said.title,
        description=said.description,
        handling=HandlingSaid(intake=Intake.IMPORT),
    )
    need = await submit_need(tx, wanted, caller, tools)
    return replace(row, need_id=need.need_id, need_line_id=need.lines[0].need_line_id)


async def undo_row(
    tx: Transaction, imported: Import, row: ImportRow, caller: Caller, tools: Tools
) -> ImportRow:
    """Close the need again while nobody built on it, or ask what was asked before where that takes no goods.

    Raises NeedTakenUp, NeedBuiltOn, HoldsStand, LineMovedOn and what those commands do.
    """
    if row.status is not Status.NEW:
        await _revise(tx, imported, row, caller, tools, is_back=True)
        return row
    assert row.need_id is not None
    await close_need(tx, CloseNeed(row.need_id, CloseReason.CANCELLED_BY_ASKER), caller, tools)
    promised = await need_allocations.count_all(tx, row.need_id)
    if promised:
        raise NeedTakenUp(allocations=str(promised))
    since = await needs.built_on(tx, row.need_id)
    if any(since.values()):
        raise NeedBuiltOn(
            revisions=str(since["revisions"]),
            merges=str(since["merges"]),
            statements=str(since["statements"]),
        )
    return row


async def _revise(
    tx: Transaction, imported: Import, row: ImportRow, caller: Caller, tools: Tools, *, is_back: bool
) -> None:
    assert row.need_line_id is not None and imported.run_reason is not None
    line = await seen_line(tx, row.need_line_id, caller)
    wanted, expected = (row.stood_at, row.changed_to) if is_back else (row.changed_to, row.stood_at)
    needed_by = wanted("needed_by")
    command = ReviseNeedLine(
        need_line_id=row.need_line_id,
        reason=imported.run_reason,
        quantity=wanted("requested"),
        unit=line.unit,
        needed_by=datetime.fromisoformat(needed_by) if needed_by else None,
    )
    done = await revise_need_line(tx, command, caller, tools)
    _must_stand_at(
        await line_terms.asked_before(tx, line), expected("requested"), expected("needed_by"), line
    )
    if is_back and done.released:
        quantity = sum((each.qty for each in done.released), ZERO)
        raise HoldsStand(quantity=f"{plain(quantity)} {line.unit}")


def _must_stand_at(before: Asked, requested: str | None, needed_by: str | None, line: Line) -> None:
    """Raise LineMovedOn unless what was asked before is what the row was compared with."""
    if requested is not None and before.requested != Decimal(requested):
        raise LineMovedOn(
            column="requested",
            now=f"{plain(before.requested)} {line.unit}",
            expected=f"{requested} {line.unit}",
        )
    if needed_by is not None and before.needed_by != datetime.fromisoformat(needed_by):
        raise LineMovedOn(column="needed_by", now=before.needed_by.isoformat(), expected=needed_by)
