"""DeclineAllocation: the awaited side says no, with a reason; the pledger's stock is free again.

A pledger who hears no hears at once where else the goods are missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from crisis import events
from crisis.domain.allocations import Allocation, Side
from crisis.domain.alternatives import Alternative
from crisis.domain.answers import declined
from crisis.domain.balances import NeedBalance
from crisis.domain.lines import Line
from crisis.store import offers
from crisis.usecases.allocation_step import Moved, doing_of, lock, seen, write
from crisis.usecases.alternatives import nearest_gaps
from crisis.usecases.authority import answering_role, must_still_answer
from crisis.usecases.representing import writing_roles
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_contracts.envelope import Envelope


@dataclass(frozen=True, slots=True)
class DeclineAllocation:
    """`reason` is a code of domain.reasons.DECLINE."""

    allocation_id: UUID
    reason: str


async def decline_allocation(
    tx: Transaction, command: DeclineAllocation, caller: Caller, tools: Tools
) -> Moved:
    """The declined row. Raises NotFound, RoleMissing, AllocationNotInState, NotAwaited, ReasonUnknown."""
    row, line = await seen(tx, command.allocation_id)
    now = tools.clock.now()
    (writer,) = await writing_roles(tx, [(caller, row, line)], now)
    side, role = answering_role(caller, row, line, now, writer)
    locked = await lock(tx, row, line)
    must_still_answer(side, role, locked.row, locked.line, tools.clock.now())
    story = story_of(caller, role, tools.new_id(), row.crisis_id, row.is_drill, tools.clock.now())
    step = declined(locked.row, side, command.reason, doing_of(locked, story, tools.new_id))
    gaps = None if side is Side.PLEDGER else await elsewhere(tx, locked.row, locked.line, tools)
    logged = audit(
        story,
        caller,
        "decline_allocation",
        "allocation",
        row.allocation_id,
        (locked.row.version, step.changed[0].version),
        counterparty=locked.row.other_party_org_id,
        reason=command.reason,
    )

    def told(rows: Sequence[Allocation], balance: NeedBalance) -> Envelope:
        return events.allocation_moved(locked.row, rows, locked.line, balance, story, alternatives=gaps)

    moved = await write(tx, locked, step, story, logged, event=told)
    return replace(moved, alternatives=gaps)


async def elsewhere(tx: Transaction, row: Allocation, line: Line, tools: Tools) -> list[Alternative]:
    """The three nearest places that miss what the row gives, inside its earmark."""
    offered = await offers.read_line(tx, row.offer_line_id)
    assert offered is not None
    return await nearest_gaps(
        tx,
        row.crisis_id,
        row.given_item or line.item_code,
        offered.offer.origin,
        without=row.need_line_id,
        earmark=row.earmark,
        now=tools.clock.now(),
    )
