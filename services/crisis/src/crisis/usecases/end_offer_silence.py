"""What ends an offer without anybody's word: its clock, nothing being left of it, or the end of its crisis.

Goods put up for a promise that came to nothing wait to be matched, unless their pledger took them back.

Late is fine, early or twice is not. Rows that waited on it end; what was accepted goes on under
its own clocks.
"""

from uuid import UUID

from crisis import events
from crisis.domain.crises import CrisisState
from crisis.domain.offer_ends import (
    CloseReason,
    Instead,
    closed,
    ended_with_offer,
    to_be_matched,
    what_becomes,
)
from crisis.domain.offers import Offer, OfferState, OfferTimer
from crisis.events import Story
from crisis.store import allocations, offer_lists, offers
from crisis.usecases.authority import SYSTEM
from crisis.usecases.offer_opening import ask_for_match
from crisis.usecases.offer_rows import end_waiting_rows
from crisis.usecases.offer_step import LockedOffer, lock, write
from crisis.usecases.tasks import settle_tasks
from crisis.usecases.tools import Tools
from imece_chassis.database import Transaction
from imece_chassis.deadlines import fire

KINDS = (OfferTimer.DRAFT, OfferTimer.APPROVAL, OfferTimer.AVAILABLE, OfferTimer.SUSPENSION)


async def end_offer_silence(tx: Transaction, deadline_id: UUID, offer_id: UUID, tools: Tools) -> bool:
    """Close an offer whose clock ran out. False when somebody was quicker: nothing happened."""
    if await offers.read(tx, offer_id) is None:
        return False
    offer = (await lock(tx, offer_id)).offer
    if not await fire(tx, deadline_id):
        return False
    if offer.clock is None or offer.clock.deadline_id != deadline_id:
        return False
    await _close(tx, offer, CloseReason.EXPIRED, tools)
    return True


async def settle_offer(tx: Transaction, deadline_id: UUID, offer_line_id: UUID, tools: Tools) -> bool:
    """Close the offer of a line if nothing of it is left, or what it was for is over. False: it goes on."""
    offer_id = await offers.offer_of(tx, offer_line_id)
    locked = await lock(tx, offer_id)
    if not await fire(tx, deadline_id):
        return False
    states = await allocations.ends_of_offer_lines(tx, list(locked.balances))
    match what_becomes(locked.offer, list(locked.balances.values()), states):
        case Instead.GOES_ON:
            return False
        case Instead.IS_MATCHED:
            await _put_up_again(tx, locked, tools)
            return False
        case reason:
            await _close(tx, locked.offer, reason, tools)
            return True


async def end_with_crisis(tx: Transaction, offer_id: UUID, tools: Tools) -> bool:
    """Close an offer of a closed crisis. False where the crisis goes on, or the offer ended before."""
    locked = await lock(tx, offer_id)
    if locked.crisis.state != CrisisState.CLOSED or locked.offer.state is OfferState.CLOSED:
        return False
    await _close(tx, locked.offer, CloseReason.CRISIS_ENDED, tools)
    return True


async def _put_up_again(tx: Transaction, locked: LockedOffer, tools: Tools) -> None:
    """All promises of the offer came to nothing: it waits to be matched, and a desk is asked."""
    offer, crisis = locked.offer, locked.crisis
    story = Story(tools.new_id(), offer.crisis_id, offer.is_drill, None, SYSTEM, tools.clock.now())
    after = to_be_matched(offer)
    if after.state is OfferState.OPEN and crisis.state == CrisisState.OPEN:
        urgency = await offer_lists.most_urgent(
            tx, crisis.crisis_id, [line.item_code for line in after.lines]
        )
        await ask_for_match(tx, after, crisis, urgency, story, tools)
    await write(tx, offer, after, "put_up_again", None, story)


async def _close(tx: Transaction, offer: Offer, reason: CloseReason, tools: Tools) -> None:
    now = tools.clock.now()
    story = Story(tools.new_id(), offer.crisis_id, offer.is_drill, None, SYSTEM, now)
    after = closed(offer, reason)
    told = await end_waiting_rows(tx, offer, ended_with_offer, story, tools)
    if after.told > offer.told:
        told.append(events.offer_closed(after, story))
    await write(tx, offer, after, "end_offer", None, story, told, reason=reason)
    await settle_tasks(
        tx, subject_type=offers.SUBJECT, subject_id=offer.offer_id, outcome=reason, story=story, tools=tools
    )
