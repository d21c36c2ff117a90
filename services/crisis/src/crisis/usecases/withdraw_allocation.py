"""WithdrawAllocation: the pledger takes a promise back before dispatch; what was held is missing again.

Stock that is gone leaves the offer too, or it would be promised again. For an organisation without access
whoever wrote the promise down takes it back.
"""

from dataclasses import dataclass
from uuid import UUID

from crisis.domain.answers import withdrawn
from crisis.domain.fitness import share_left
from crisis.domain.reasons import STOCK_GONE
from crisis.domain.states import State
from crisis.store import waiting
from crisis.usecases.allocation_step import Moved, doing_of, lock, seen, write
from crisis.usecases.authority import pledger_role
from crisis.usecases.representing import speaking_role
from crisis.usecases.stock_gone import lock_offer, lower
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class WithdrawAllocation:
    """`reason` is a code of domain.reasons.WITHDRAW; with stock_gone the offer line shrinks by as much."""

    allocation_id: UUID
    reason: str


async def withdraw_allocation(
    tx: Transaction, command: WithdrawAllocation, caller: Caller, tools: Tools
) -> Moved:
    """The withdrawn row. Raises NotFound, RoleMissing, AllocationNotInState, ReasonUnknown."""
    row, line = await seen(tx, command.allocation_id)
    role = await speaking_role(tx, caller, row, line, tools.clock.now()) or pledger_role(caller, row, line)
    is_gone = command.reason == STOCK_GONE
    offer = await lock_offer(tx, row.crisis_id, row.offer_line_id) if is_gone else None
    locked = await lock(tx, row, line)
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
    moved = await write(tx, locked, step, story, logged)
    if locked.row.state is State.HELD and locked.row.clock is not None:
        left = share_left(locked.row.state_since, locked.row.clock.due_at, story.at)
        await waiting.note_given_up(tx, row.allocation_id, left)
    if offer is not None:
        await lower(tx, offer, row.offer_line_id, locked.row.supply_qty, story)
    return moved
