"""CancelCall: a desk takes back what it called for before the pledger agreed."""

from dataclasses import dataclass
from uuid import UUID

from crisis.domain.allocations import Step
from crisis.domain.answers import Doing
from crisis.domain.holds import call_cancelled
from crisis.usecases.allocation_step import Locked, Moved
from crisis.usecases.desk_gives_back import gives_back
from crisis.usecases.tools import Tools
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class CancelCall:
    """`reason` is a code of domain.reasons.CANCEL_CALL."""

    allocation_id: UUID
    reason: str


async def cancel_call(tx: Transaction, command: CancelCall, caller: Caller, tools: Tools) -> Moved:
    """The released row. Raises NotFound, RoleMissing, AllocationNotInState, NotACall, ReasonUnknown."""
    act = ("cancel_call", _decide)
    return await gives_back(tx, act, command.allocation_id, command.reason, caller, tools)


async def _decide(tx: Transaction, locked: Locked, reason: str, doing: Doing) -> Step:
    return call_cancelled(locked.row, reason, doing)
