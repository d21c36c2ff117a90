"""OpenOffer: an organisation says what it can give, without being asked; and its drafts before that.

Above the organisation's own threshold, with what the same key put up lately, it waits for a second key.
"""

from dataclasses import dataclass, replace
from uuid import UUID

from crisis.domain.clocks import Urgency
from crisis.domain.crises import Crisis, must_be_open
from crisis.domain.offering import OfferRequest, drafted, submitted
from crisis.domain.offers import Offer, OfferState
from crisis.domain.own_ids import is_in_order
from crisis.domain.refusals import IdNotOrdered, IdTaken, OfferOfAnotherCrisis
from crisis.domain.thresholds import NOTHING_OPENED
from crisis.events import Story
from crisis.store import command_log, offer_lists, offers, organisations, own_limits, pledge_ids
from crisis.usecases.offer_authority import offerer_role, own_offer_role
from crisis.usecases.offer_opening import must_be_wanted, put_up
from crisis.usecases.offer_step import lock, locked_crisis, write
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_chassis.ids import uuid7
from imece_contracts.envelope import Envelope


@dataclass(frozen=True, slots=True)
class OpenOffer:
    """An offer for a crisis."""

    crisis_id: UUID
    offer: OfferRequest


async def open_offer(tx: Transaction, command: OpenOffer, caller: Caller, tools: Tools) -> Offer:
    """The offer, open or waiting for approval.

    Raises NotFound, RoleMissing, CrisisNotOpen, OrganisationMayNotAct, Saturated and what
    `domain.offering.drafted` does.
    """
    crisis = await locked_crisis(tx, command.crisis_id)
    role = offerer_role(caller, command.offer.origin, crisis)
    now = tools.clock.now()
    draft = drafted(command.offer, tools.new_id(), crisis, caller.organisation_id, now, tools.new_id)
    story = story_of(caller, role, tools.new_id(), crisis.crisis_id, crisis.is_drill, now)
    after, urgency = await _submitted(tx, draft, crisis, caller, story, tools)
    await offers.insert(tx, [after])
    told = (
        [] if after.state is not OfferState.OPEN else await put_up(tx, after, crisis, urgency, story, tools)
    )
    logged = audit(story, caller, "open_offer", offers.SUBJECT, after.offer_id, (0, after.version))
    await command_log.record(tx, [logged])
    await outbox.append(tx, *told)
    return after


async def draft_offer(
    tx: Transaction, offer_id: UUID, command: OpenOffer, caller: Caller, tools: Tools
) -> tuple[Offer, bool]:
    """The draft as written now, and whether it is new.

    Raises NotFound, RoleMissing, CrisisNotOpen, OfferNotInState, OfferOfAnotherCrisis, IdTaken for the id of
    anything else, IdNotOrdered for a new id that is no UUIDv7 or says a time to come, and what
    `domain.offering.drafted` does.
    """
    await offers.claim(tx, offer_id)
    crisis = await locked_crisis(tx, command.crisis_id)
    now = tools.clock.now()
    seen = await offers.read(tx, offer_id, is_locked=True)
    if seen is None:
        role = offerer_role(caller, command.offer.origin, crisis)
        must_be_open(crisis)
        if await pledge_ids.is_of_another_kind(tx, offer_id):
            raise IdTaken(id=str(offer_id))
        if not is_in_order(offer_id, uuid7()):
            raise IdNotOrdered(id=str(offer_id))
        draft = drafted(command.offer, offer_id, crisis, caller.organisation_id, now, tools.new_id)
        await offers.insert(tx, [draft])
        before = 0
    else:
        role = own_offer_role(caller, seen, crisis)
        seen.must_be(OfferState.DRAFT)
        if seen.crisis_id != crisis.crisis_id:
            raise OfferOfAnotherCrisis(id=str(offer_id), crisis=str(seen.crisis_id))
        stated = drafted(command.offer, offer_id, crisis, caller.organisation_id, now, tools.new_id)
        draft, before = replace(stated, version=seen.version + 1), seen.version
        await offers.restate(tx, seen, draft)
    story = story_of(caller, role, tools.new_id(), crisis.crisis_id, crisis.is_drill, now)
    logged = audit(story, caller, "draft_offer", offers.SUBJECT, offer_id, (before, draft.version))
    await command_log.record(tx, [logged])
    return draft, seen is None


async def open_draft(tx: Transaction, offer_id: UUID, caller: Caller, tools: Tools) -> Offer:
    """The drafted offer, open or waiting for approval. Raises what `open_offer` does, and OfferNotInState."""
    locked = await lock(tx, offer_id)
    role = own_offer_role(caller, locked.offer, locked.crisis)
    now = tools.clock.now()
    story = story_of(caller, role, tools.new_id(), locked.crisis.crisis_id, locked.crisis.is_drill, now)
    after, urgency = await _submitted(tx, locked.offer, locked.crisis, caller, story, tools)
    told: list[Envelope] = []
    if after.state is OfferState.OPEN:
        told = await put_up(tx, after, locked.crisis, urgency, story, tools)
    await write(tx, locked.offer, after, "open_offer", caller, story, told)
    return after


async def _submitted(
    tx: Transaction, draft: Offer, crisis: Crisis, caller: Caller, story: Story, tools: Tools
) -> tuple[Offer, Urgency]:
    """The offer one step on, and how urgently its items are missing."""
    urgency = await offer_lists.most_urgent(tx, crisis.crisis_id, [line.item_code for line in draft.lines])
    thresholds = await organisations.thresholds_in_force(tx, draft.org_id)
    beside = NOTHING_OPENED
    if thresholds.are_stated:
        beside = await own_limits.opened_by(tx, caller.key_id, crisis.crisis_id)
    key_id = caller.key_id
    after = submitted(draft, crisis, thresholds, urgency, key_id, story.at, tools.new_id, beside=beside)
    await must_be_wanted(tx, after, crisis)
    return after, urgency
