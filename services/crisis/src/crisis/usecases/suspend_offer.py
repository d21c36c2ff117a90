"""SuspendOffer and ResumeOffer: a desk doubts an offer; it takes nothing new until somebody looked at it."""

from dataclasses import dataclass
from uuid import UUID

from crisis import events
from crisis.domain.clocks import Urgency
from crisis.domain.crises import Crisis
from crisis.domain.offer_ends import resumed, suspended
from crisis.domain.offers import REVIEW_WITHIN, Cause, Offer
from crisis.domain.reasons import RESUME_OFFER, SUSPEND_OFFER, known_reason
from crisis.domain.tasks import TaskKind
from crisis.domain.units import goods
from crisis.events import Story
from crisis.store import offers
from crisis.usecases.offer_authority import offer_desk_role
from crisis.usecases.offer_rows import wake_waiting_rows
from crisis.usecases.offer_step import lock, must_be_active, write
from crisis.usecases.pool_offers import look_with_offer
from crisis.usecases.tasks import open_task, settle_tasks
from crisis.usecases.tools import Tools, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class SuspendOffer:
    """`reason` is a code of domain.reasons.SUSPEND_OFFER."""

    offer_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class ResumeOffer:
    """`reason` is a code of domain.reasons.RESUME_OFFER."""

    offer_id: UUID
    reason: str


async def suspend_offer(tx: Transaction, command: SuspendOffer, caller: Caller, tools: Tools) -> Offer:
    """The suspended offer. Raises NotFound, RoleMissing, SameParty, OfferNotInState, ReasonUnknown."""
    locked = await lock(tx, command.offer_id)
    role = offer_desk_role(caller, locked.offer, locked.crisis)
    reason = known_reason(command.reason, SUSPEND_OFFER, "suspend an offer")
    now = tools.clock.now()
    story = story_of(caller, role, tools.new_id(), locked.crisis.crisis_id, locked.crisis.is_drill, now)
    after = suspended(locked.offer, Cause.DESK, reason, now, tools.new_id)
    await ask_for_review(tx, after, locked.crisis, story, tools)
    told = [events.offer_suspended(after, story)]
    await write(
        tx,
        locked.offer,
        after,
        "suspend_offer",
        caller,
        story,
        told,
        reason=reason,
        counterparty=after.org_id,
    )
    return after


async def resume_offer(tx: Transaction, command: ResumeOffer, caller: Caller, tools: Tools) -> Offer:
    """The offer, open again.

    Raises NotFound, RoleMissing, SameParty, OfferNotInState, OfferOver, OrganisationMayNotAct, ReasonUnknown.
    """
    locked = await lock(tx, command.offer_id)
    role = offer_desk_role(caller, locked.offer, locked.crisis)
    reason = known_reason(command.reason, RESUME_OFFER, "resume an offer")
    now = tools.clock.now()
    story = story_of(caller, role, tools.new_id(), locked.crisis.crisis_id, locked.crisis.is_drill, now)
    after = resumed(locked.offer, now, tools.new_id)
    await must_be_active(tx, after.org_id)
    await wake_waiting_rows(tx, after, story)
    await settle_review(tx, after, "resumed", story, tools)
    told = [events.offer_resumed(after, reason, story)]
    await write(
        tx,
        locked.offer,
        after,
        "resume_offer",
        caller,
        story,
        told,
        reason=reason,
        counterparty=after.org_id,
    )
    await look_with_offer(tx, after, now)
    return after


async def ask_for_review(tx: Transaction, offer: Offer, crisis: Crisis, story: Story, tools: Tools) -> None:
    """Ask a desk to look at a suspended offer within three days."""
    await open_task(
        tx,
        kind=TaskKind.OFFER_REVIEW,
        crisis_id=crisis.crisis_id,
        is_drill=crisis.is_drill,
        subject_type=offers.SUBJECT,
        subject_id=offer.offer_id,
        place=offer.origin,
        item_group=goods(offer.lines[0].item_code).tamp_group,
        urgency=Urgency.NORMAL,
        due_at=story.at + REVIEW_WITHIN,
        story=story,
        tools=tools,
    )


async def settle_review(tx: Transaction, offer: Offer, outcome: str, story: Story, tools: Tools) -> None:
    """The look is no longer needed."""
    await settle_tasks(
        tx,
        subject_type=offers.SUBJECT,
        subject_id=offer.offer_id,
        outcome=outcome,
        kinds=(TaskKind.OFFER_REVIEW,),
        story=story,
        tools=tools,
    )
