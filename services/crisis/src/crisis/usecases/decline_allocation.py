"""DeclineAllocation: the awaited side says no, with a reason; the pledger's stock is free again."""

from dataclasses import dataclass
from uuid import UUID

from crisis.domain.allocations import Side
from crisis.domain.answers import declined
from crisis.usecases.allocation_step import Moved, doing_of, lock, seen, write
from crisis.usecases.authority import desk_role
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


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
    role = desk_role(caller, row, line)
    locked = await lock(tx, row)
    story = story_of(caller, role, tools.new_id(), row.crisis_id, row.is_drill, tools.clock.now())
    step = declined(locked.row, Side.ASKER_SIDE, command.reason, doing_of(locked, story, tools.new_id))
    logged = audit(
        story,
        caller,
        "decline_allocation",
        "allocation",
        row.allocation_id,
        (locked.row.version, step.changed[0].version),
        counterparty=row.pledger_org_id,
        reason=command.reason,
    )
    return await write(tx, locked, step, story, logged)
