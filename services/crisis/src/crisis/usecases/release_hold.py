"""ReleaseHold: a desk gives held goods back to the pledger, for a reason of its list."""

from dataclasses import dataclass
from uuid import UUID

from crisis.domain.holds import hold_released
from crisis.usecases.allocation_step import Moved
from crisis.usecases.desk_gives_back import gives_back
from crisis.usecases.tools import Tools
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class ReleaseHold:
    """`reason` is a code of domain.reasons.RELEASE."""

    allocation_id: UUID
    reason: str


async def release_hold(tx: Transaction, command: ReleaseHold, caller: Caller, tools: Tools) -> Moved:
    """The released row; a desk of the pledger's own organisation hands over, for what it takes back itself is
    a withdrawal. Raises NotFound, RoleMissing, SameParty, AllocationNotInState, ReasonUnknown."""
    act = ("release_hold", hold_released)
    return await gives_back(tx, act, command.allocation_id, command.reason, caller, tools)
