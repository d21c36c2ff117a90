"""WithdrawAllocation: the pledger takes a promise back before dispatch; what was held is missing again."""

from dataclasses import dataclass
from uuid import UUID

from crisis.domain.answers import withdrawn
from crisis.usecases.allocation_step import Moved, doing_of, lock, seen, write
from crisis.usecases.authority import pledger_role
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class WithdrawAllocation:
    """`reason` is a code of domain.reasons.WITHDRAW."""

    allocation_id: UUID
    reason: str


async def withdraw_allocation(
    tx: Transaction, command: WithdrawAllocation, caller: Caller, tools: Tools
) -> Moved:
    """The withdrawn row. Raises NotFound, RoleMissing, AllocationNotInState, ReasonUnknown."""
    row, line = await seen(tx, command.allocation_id)
    role = pledger_role(caller, row, line)
    locked = await lock(tx, row)
    story = story_of(caller, role, tools.new_id(), row.crisis_id, row.is_drill, tools.clock.now())
    step = withdrawn(locked.row, command.reason, doing_of(locked, story, tools.new_id))
    logged = audit(
        story,
        caller,
        "withdraw_allocation",
        "allocation",
        row.allocation_id,
        (locked.row.version, step.changed[0].version),
        reason=command.reason,
    )
    return await write(tx, locked, step, story, logged)
