"""What CancelCall and ReleaseHold share: a desk gives back what an allocation bound, for a reason."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from crisis.domain.allocations import Step
from crisis.domain.answers import Doing
from crisis.usecases.allocation_step import Locked, Moved, doing_of, lock, seen, write
from crisis.usecases.authority import desk_role
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction

Decide = Callable[[Transaction, Locked, str, Doing], Awaitable[Step]]


async def gives_back(
    tx: Transaction, act: tuple[str, Decide], allocation_id: UUID, reason: str, caller: Caller, tools: Tools
) -> Moved:
    """The released row; `act` names the audit entry and decides. Raises NotFound, RoleMissing."""
    name, decide = act
    row, line = await seen(tx, allocation_id)
    role = desk_role(caller, row, line)
    locked = await lock(tx, row, line)
    story = story_of(caller, role, tools.new_id(), row.crisis_id, row.is_drill, tools.clock.now())
    step = await decide(tx, locked, reason, doing_of(locked, story, tools.new_id))
    logged = audit(
        story,
        caller,
        name,
        "allocation",
        row.allocation_id,
        (locked.row.version, step.changed[0].version),
        counterparty=row.pledger_org_id,
        reason=reason,
    )
    return await write(tx, locked, step, story, logged)
