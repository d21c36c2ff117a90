"""AcceptAllocation: the asker's side takes a proposal as far as there is room; the rest ends or waits."""

from dataclasses import dataclass
from uuid import UUID

from crisis.domain.answers import Rest, accepted
from crisis.domain.crises import must_be_open
from crisis.domain.units import whole_or_refused
from crisis.usecases.allocation_step import Moved, doing_of, lock, seen, write
from crisis.usecases.authority import desk_role
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class AcceptAllocation:
    """`quantity` in the line's unit, None for all of it; `rest` says what becomes of what is not taken."""

    allocation_id: UUID
    quantity: str | None = None
    rest: Rest | None = None


async def accept_allocation(
    tx: Transaction, command: AcceptAllocation, caller: Caller, tools: Tools
) -> Moved:
    """The held row first, then the rest if it was cut. Raises NotFound, RoleMissing, CrisisNotOpen and what
    `domain.answers.accepted` does."""
    row, line = await seen(tx, command.allocation_id)
    role = desk_role(caller, row, line)
    quantity = None if command.quantity is None else whole_or_refused(line.item_code, command.quantity)
    locked = await lock(tx, row)
    must_be_open(locked.crisis)
    story = story_of(caller, role, tools.new_id(), row.crisis_id, row.is_drill, tools.clock.now())
    step = accepted(
        locked.row,
        locked.balance,
        locked.line,
        locked.crisis.timers,
        quantity,
        command.rest,
        doing_of(locked, story, tools.new_id),
    )
    logged = audit(
        story,
        caller,
        "accept_allocation",
        "allocation",
        row.allocation_id,
        (locked.row.version, step.changed[0].version),
        counterparty=locked.row.proposer_org_id,
    )
    return await write(tx, locked, step, story, logged)
