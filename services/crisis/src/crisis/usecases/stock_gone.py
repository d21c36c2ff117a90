"""Goods that were withdrawn because they are gone leave their offer too, or they would be promised again."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from crisis import events
from crisis.domain.offers import Offer, OfferState
from crisis.domain.reasons import STOCK_GONE
from crisis.domain.supplies import gone
from crisis.events import Story
from crisis.store import crises, ledger, offers
from imece_chassis import outbox
from imece_chassis.database import Transaction


async def lock_offer(tx: Transaction, crisis_id: UUID, offer_line_id: UUID) -> Offer | None:
    """The offer of a row with all its lines, locked after the crisis and before any need line."""
    await crises.lock_shared(tx, [crisis_id])
    known = await offers.read_line(tx, offer_line_id)
    return None if known is None else (await offers.lock(tx, known.offer.offer_id))[0]


async def lower(tx: Transaction, offer: Offer, offer_line_id: UUID, quantity: Decimal, story: Story) -> Offer:
    """Take what is gone out of the locked offer's line, as far as it is not promised to others, and tell.

    The offer as it is afterwards; one that is over keeps its lines.
    """
    if offer.state not in (OfferState.OPEN, OfferState.SUSPENDED):
        return offer
    now = await offers.read_line(tx, offer_line_id)
    assert now is not None
    by = gone(quantity, now.balance)
    if by == 0:
        return offer
    await ledger.post(tx, [], revised_supply={(offer_line_id, offer.is_drill): -by})
    lowered = replace(now.line, qty=now.line.qty - by)
    await offers.record_revision(
        tx,
        offer_line_id,
        lowered.qty,
        is_drill=offer.is_drill,
        reason=STOCK_GONE,
        by_org_id=story.actor_org_id,
        command_id=story.command_id,
    )
    lines = tuple(lowered if each.offer_line_id == offer_line_id else each for each in offer.lines)
    after = replace(offer, lines=lines, version=offer.version + 1).heard()
    await offers.update(tx, offer, after)
    await outbox.append(tx, events.offer_revised(after, lowered, now.line.qty, story))
    return after
