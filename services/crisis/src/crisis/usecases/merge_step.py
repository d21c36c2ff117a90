"""What merging two needs and undoing it have in common: lock both, take rows from line to line, tell it.

Lock order: crisis (shared), the doors of all lines of both needs, the lines by id, both needs by id, rows by
id. Offer lines are not touched: what is held stays held by the same offer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from crisis import events
from crisis.domain.allocations import Allocation
from crisis.domain.balances import NeedBalance
from crisis.domain.crises import Crisis
from crisis.domain.ledger import need_after, terms_after
from crisis.domain.line_terms import ElsewhereStatement, terms_of
from crisis.domain.lines import Line
from crisis.domain.merging import moved
from crisis.domain.needs import Need
from crisis.events import Story
from crisis.store import crises, ledger, line_terms, lines, merges, needs
from crisis.usecases.close_met import close_if_met
from crisis.usecases.line_step import look_at_surplus
from crisis.usecases.tools import Tools
from imece_chassis.database import Restart, Transaction
from imece_contracts.envelope import Envelope


@dataclass(frozen=True, slots=True)
class LockedNeeds:
    """Two needs of one crisis with all their lines, locked."""

    crisis: Crisis
    need: Need
    into: Need
    lines: Mapping[UUID, Line]
    balances: dict[UUID, NeedBalance]

    def lines_of(self, need: Need) -> list[Line]:
        """The lines of one of the two, as they stand now."""
        return [self.lines[line.need_line_id] for line in need.lines]


@dataclass(frozen=True, slots=True)
class Journey:
    """What goes from one line to another; `requested` is what lines ask for after it, where that changes."""

    left: Line
    entered: Line
    rows: Sequence[Allocation]
    statements: Sequence[ElsewhereStatement]
    requested: Mapping[UUID, Decimal]
    is_undo: bool = False


async def lock_both(tx: Transaction, need: Need, into: Need) -> LockedNeeds:
    """Lock crisis, lines and both needs, in that order, and read them again; raises Restart."""
    crisis = (await crises.lock_shared(tx, [need.crisis_id]))[need.crisis_id]
    line_ids = [line.need_line_id for each in (need, into) for line in each.lines]
    await lines.enter(tx, line_ids)
    balances = await lines.lock_needs(tx, line_ids)
    current: dict[UUID, Need] = {}
    for need_id in sorted({need.need_id, into.need_id}):
        found = await needs.read(tx, need_id, is_locked=True)
        assert found is not None
        current[need_id] = found
    if {line.need_line_id for each in current.values() for line in each.lines} != set(balances):
        raise Restart
    known = await lines.read(tx, line_ids)
    return LockedNeeds(crisis, current[need.need_id], current[into.need_id], known, balances)


async def travel(
    tx: Transaction, locked: LockedNeeds, journey: Journey, story: Story, tools: Tools
) -> tuple[tuple[Allocation, ...], list[Envelope]]:
    """Take rows and statements to the other line and post it; who waits beside room there is called.

    Returns the rows as they arrived, and one event per line. Raises LineFull.
    """
    left, entered = journey.left, journey.entered
    before = {line.need_line_id: locked.balances[line.need_line_id] for line in (left, entered)}
    move = moved(
        journey.rows,
        (left, before[left.need_line_id]),
        (entered, before[entered.need_line_id]),
        elsewhere=sum((said.qty for said in journey.statements), Decimal(0)),
        requested=journey.requested,
        command_id=story.command_id,
        at=story.at,
    )
    await merges.rehome(tx, move.rows)
    await merges.rehome_statements(tx, journey.statements, entered.need_line_id)
    await ledger.post(tx, move.entries, terms=move.terms)
    await line_terms.set_needed_by(tx, entered, entered.needed_by)
    known = await lines.read(tx, [left.need_line_id, entered.need_line_id])
    told: list[Envelope] = []
    for line, other, change in ((left, entered, move.terms[0]), (entered, left, move.terms[1])):
        own = [entry for entry in move.entries if entry.need_line_id == line.need_line_id]
        after = terms_after(need_after(before[line.need_line_id], own), change).told()
        locked.balances[line.need_line_id] = after
        current = known[line.need_line_id]
        told.append(
            events.rows_moved(
                current,
                after,
                other,
                (terms_of(line, before[line.need_line_id]), terms_of(current, after)),
                len(move.rows),
                story,
                is_in=line is entered,
                is_undo=journey.is_undo,
            )
        )
        await look_at_surplus(tx, current, after, locked.crisis, story, tools)
    await ledger.call_who_waits(tx, [locked.balances[each] for each in before], story.at)
    return move.rows, told


async def ask_if_met(tx: Transaction, need: Need, story: Story, tools: Tools) -> None:
    """The survivor may have everything now."""
    await close_if_met(tx, [need.need_id], story, tools)
