"""ExtendHold: held goods need longer to leave, on a plan. The pledger once, afterwards a desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crisis import events
from crisis.domain.allocations import Allocation, Plan, Side
from crisis.domain.balances import NeedBalance
from crisis.domain.crises import must_take_answers
from crisis.domain.holds import extended
from crisis.usecases.allocation_step import Moved, doing_of, lock, seen, write
from crisis.usecases.authority import either_role
from crisis.usecases.representing import speaking_role
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_contracts.envelope import Envelope


@dataclass(frozen=True, slots=True)
class ExtendHold:
    """`until` None for as long as may be; `plan` says when the goods leave and how."""

    allocation_id: UUID
    until: datetime | None
    plan: Plan


async def extend_hold(tx: Transaction, command: ExtendHold, caller: Caller, tools: Tools) -> Moved:
    """The row with its longer lease. Raises NotFound, RoleMissing, CrisisNotOpen, AllocationNotInState,
    LeaseOver, ExtensionUsed, ExtensionOfPledger, PlanInvalid and LeaseInvalid."""
    row, line = await seen(tx, command.allocation_id)
    speaking = await speaking_role(tx, caller, row, line, tools.clock.now())
    side, role = (Side.PLEDGER, speaking) if speaking else either_role(caller, row, line)
    locked = await lock(tx, row, line)
    must_take_answers(locked.crisis)
    story = story_of(caller, role, tools.new_id(), row.crisis_id, row.is_drill, tools.clock.now())
    step = extended(
        locked.row,
        side,
        command.until,
        command.plan,
        locked.line,
        locked.crisis.timers,
        doing_of(locked, story, tools.new_id),
    )
    logged = audit(
        story,
        caller,
        "extend_hold",
        "allocation",
        row.allocation_id,
        (locked.row.version, step.changed[0].version),
    )

    def told(rows: Sequence[Allocation], balance: NeedBalance) -> Envelope:
        return events.hold_extended(rows[0], side, locked.line, balance, story)

    return await write(tx, locked, step, story, logged, event=told)
