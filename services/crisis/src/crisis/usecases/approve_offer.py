"""ApproveOffer and RejectOffer: a second key of the same organisation agrees, or nobody hears of it.

Goods called of a package are known already: there one key agrees to their size, and another accepts the call.
"""

from dataclasses import dataclass, replace
from uuid import UUID

from crisis.domain.crises import must_be_open
from crisis.domain.offer_ends import closed
from crisis.domain.offering import agreed, must_be_second_key, opened
from crisis.domain.offers import Offer, OfferState
from crisis.domain.reasons import REJECT_OFFER, known_reason
from crisis.store import offer_lists
from crisis.usecases.offer_authority import offering_grant, own_offer_role
from crisis.usecases.offer_opening import must_be_wanted, put_up
from crisis.usecases.offer_step import lock, write
from crisis.usecases.tools import Tools, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class RejectOffer:
    """`reason` is a code of domain.reasons.REJECT_OFFER."""

    offer_id: UUID
    reason: str


async def approve_offer(tx: Transaction, offer_id: UUID, caller: Caller, tools: Tools) -> Offer:
    """The opened offer; one made for a call stays open, and another key may accept the call.

    Raises NotFound, RoleMissing, SameKey, OfferNotInState, CrisisNotOpen, OrganisationMayNotAct, Saturated.
    """
    locked = await lock(tx, offer_id)
    role = own_offer_role(caller, locked.offer, locked.crisis)
    now = tools.clock.now()
    story = story_of(caller, role, tools.new_id(), locked.crisis.crisis_id, locked.crisis.is_drill, now)
    grant = offering_grant(caller, role, locked.offer.origin, locked.crisis)
    if locked.offer.ends_with_call and locked.offer.state is OfferState.OPEN:
        must_be_open(locked.crisis)
        after = agreed(locked.offer, caller.key_id, grant)
        await write(tx, locked.offer, after, "approve_offer", caller, story)
        return after
    must_be_second_key(locked.offer, caller.key_id)
    must_be_open(locked.crisis)
    await must_be_wanted(tx, locked.offer, locked.crisis)
    after = replace(opened(locked.offer, tools.new_id), approved_by_grant=grant)
    items = [line.item_code for line in after.lines]
    urgency = await offer_lists.most_urgent(tx, locked.crisis.crisis_id, items)
    told = await put_up(tx, after, locked.crisis, urgency, story, tools)
    await write(tx, locked.offer, after, "approve_offer", caller, story, told)
    return after


async def reject_offer(tx: Transaction, command: RejectOffer, caller: Caller, tools: Tools) -> Offer:
    """The closed offer; the key that asked may take its own request back.

    Raises NotFound, RoleMissing, OfferNotInState, ReasonUnknown.
    """
    locked = await lock(tx, command.offer_id)
    role = own_offer_role(caller, locked.offer, locked.crisis)
    locked.offer.must_be(OfferState.INTERNAL_APPROVAL)
    reason = known_reason(command.reason, REJECT_OFFER, "reject an offer")
    now = tools.clock.now()
    story = story_of(caller, role, tools.new_id(), locked.crisis.crisis_id, locked.crisis.is_drill, now)
    after = closed(locked.offer, reason)
    await write(tx, locked.offer, after, "reject_offer", caller, story, reason=reason)
    return after
