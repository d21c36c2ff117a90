"""CancelCall: a desk takes back what it called for before the pledger agreed."""

from dataclasses import dataclass
from uuid import UUID

from crisis.domain.holds import call_cancelled
from crisis.usecases.allocation_step import Moved, doing_of, lock, seen, write
from crisis.usecases.authority import desk_role
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class CancelCall:
    """`reason` is a code of domain.reasons.CANCEL_CALL."""

    allocation_id: UUID
    reason: str


async def cancel_call(tx: Transaction, command: CancelCall, caller: Caller, tools: Tools) -> Moved:
    """The released row. Raises NotFound, RoleMissing, AllocationNotInState, NotACall, ReasonUnknown."""
    row, line = await seen(tx, command.allocation_id)
    role = desk_role(caller, row, line)
    locked = await lock(tx, row)
    story = story_of(caller, role, tools.new_id(), row.crisis_id, row.is_drill, tools.clock.now())
    step = call_cancelled(locked.row, command.reason, doing_of(locked, story, tools.new_id))
    logged = audit(
        story,
        caller,
        "cancel_call",
        "allocation",
        row.allocation_id,
        (locked.row.version, step.changed[0].version),
        counterparty=row.pledger_org_id,
        reason=command.reason,
    )
    return await write(tx, locked, step, story, logged)
