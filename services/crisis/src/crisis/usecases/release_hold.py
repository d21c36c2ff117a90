"""ReleaseHold: a desk gives held goods back to the pledger, for a reason of its list that is so."""

from dataclasses import dataclass
from uuid import UUID

from crisis.domain.allocations import Step
from crisis.domain.answers import Doing
from crisis.domain.crises import CrisisState
from crisis.domain.holds import Grounds, hold_released
from crisis.domain.offers import OfferState
from crisis.store import offers, organisations, release_requests
from crisis.usecases.allocation_step import Locked, Moved
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
    """The released row; of goods that are too much for the line only the surplus goes, the rest stays held.

    A desk of the pledger's own organisation hands over, for what it takes back itself is a withdrawal. Raises
    NotFound, RoleMissing, SameParty, AllocationNotInState, ReasonUnknown, ReasonNotSo.
    """
    act = ("release_hold", _decide)
    return await gives_back(tx, act, command.allocation_id, command.reason, caller, tools)


async def _decide(tx: Transaction, locked: Locked, reason: str, doing: Doing) -> Step:
    return hold_released(locked.row, reason, await _grounds(tx, locked), locked.line, doing)


async def _grounds(tx: Transaction, locked: Locked) -> Grounds:
    """What is so under the locks of the row, its lines and its crisis."""
    row = locked.row
    state, _ = (await offers.states_of_lines(tx, [row.offer_line_id]))[row.offer_line_id]
    return Grounds(
        surplus=locked.balance.surplus,
        is_stood_down=locked.crisis.state == CrisisState.STOOD_DOWN,
        is_suspended=state is OfferState.SUSPENDED
        or await organisations.standing(tx, row.pledger_org_id) != "active",
        is_agreed=await release_requests.is_agreed(tx, row.allocation_id),
    )
