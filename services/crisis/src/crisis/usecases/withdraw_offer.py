"""WithdrawOffer: an organisation takes back what it offered; what is held must be withdrawn row by row."""

from dataclasses import dataclass
from uuid import UUID

from crisis import events
from crisis.domain.allocations import Allocation, Step
from crisis.domain.answers import Doing, withdrawn
from crisis.domain.offer_ends import closed, must_hold_nothing
from crisis.domain.offers import Offer
from crisis.domain.reasons import WITHDRAW, known_reason
from crisis.domain.states import State
from crisis.store import offers
from crisis.usecases.offer_authority import own_offer_role
from crisis.usecases.offer_rows import end_waiting_rows, rows_of
from crisis.usecases.offer_step import lock, write
from crisis.usecases.tasks import settle_tasks
from crisis.usecases.tools import Tools, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class WithdrawOffer:
    """`reason` is a code of domain.reasons.WITHDRAW."""

    offer_id: UUID
    reason: str


async def withdraw_offer(tx: Transaction, command: WithdrawOffer, caller: Caller, tools: Tools) -> Offer:
    """The closed offer; goods on the road go on. Raises NotFound, RoleMissing, OfferNotInState, HoldsRemain,
    ReasonUnknown."""
    locked = await lock(tx, command.offer_id)
    role = own_offer_role(caller, locked.offer, locked.crisis)
    reason = known_reason(command.reason, WITHDRAW, "withdraw")
    after = closed(locked.offer, reason)
    must_hold_nothing(await rows_of(tx, locked.offer, (State.HELD,)))
    now = tools.clock.now()
    story = story_of(caller, role, tools.new_id(), locked.crisis.crisis_id, locked.crisis.is_drill, now)

    def end(row: Allocation, doing: Doing) -> Step:
        return withdrawn(row, reason, doing)

    told = await end_waiting_rows(tx, locked.offer, end, story, tools)
    if after.told > locked.offer.told:
        told.append(events.offer_closed(after, story))
    await write(tx, locked.offer, after, "withdraw_offer", caller, story, told, reason=reason)
    await settle_tasks(
        tx,
        subject_type=offers.SUBJECT,
        subject_id=after.offer_id,
        outcome="offer_withdrawn",
        story=story,
        tools=tools,
    )
    return after
