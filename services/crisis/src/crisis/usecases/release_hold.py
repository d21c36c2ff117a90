"""ReleaseHold: a desk gives held goods back to the pledger, for a reason of its list."""

from dataclasses import dataclass
from uuid import UUID

from crisis.domain.holds import hold_released
from crisis.usecases.allocation_step import Moved, doing_of, lock, seen, write
from crisis.usecases.authority import desk_role
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class ReleaseHold:
    """`reason` is a code of domain.reasons.RELEASE."""

    allocation_id: UUID
    reason: str


async def release_hold(tx: Transaction, command: ReleaseHold, caller: Caller, tools: Tools) -> Moved:
    """The released row. Raises NotFound, RoleMissing, AllocationNotInState, ReasonUnknown."""
    row, line = await seen(tx, command.allocation_id)
    role = desk_role(caller, row, line)
    locked = await lock(tx, row)
    story = story_of(caller, role, tools.new_id(), row.crisis_id, row.is_drill, tools.clock.now())
    step = hold_released(locked.row, command.reason, doing_of(locked, story, tools.new_id))
    logged = audit(
        story,
        caller,
        "release_hold",
        "allocation",
        row.allocation_id,
        (locked.row.version, step.changed[0].version),
        counterparty=row.pledger_org_id,
        reason=command.reason,
    )
    return await write(tx, locked, step, story, logged)
