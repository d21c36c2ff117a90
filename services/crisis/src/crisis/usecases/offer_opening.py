"""What every opening of an offer does, whoever agreed last: guards, stock, event, and work for a desk.

An offer without target waits in the match queue, so a desk is asked to match it.
"""

from collections.abc import Sequence

from crisis import events
from crisis.domain.clocks import Silence, Urgency
from crisis.domain.crises import Crisis
from crisis.domain.offers import Offer
from crisis.domain.refusals import Saturated
from crisis.domain.tasks import TaskKind
from crisis.domain.units import goods
from crisis.events import Story
from crisis.store import ledger, offers
from crisis.usecases.alternatives import nearest_gaps
from crisis.usecases.offer_step import must_be_active
from crisis.usecases.orders import must_not_be_saturated
from crisis.usecases.pool_offers import look_with_offer
from crisis.usecases.tasks import open_task
from crisis.usecases.tools import Tools
from imece_chassis.database import Transaction
from imece_contracts.envelope import Envelope


async def must_be_wanted(tx: Transaction, offer: Offer, crisis: Crisis) -> None:
    """Raise OrganisationMayNotAct, or Saturated when an order stops an item in all of the crisis' area."""
    await must_be_active(tx, offer.org_id)
    for item_code in dict.fromkeys(line.item_code for line in offer.lines):
        await _must_be_wanted_somewhere(tx, offer, crisis.area, item_code)


async def put_up(
    tx: Transaction, offer: Offer, crisis: Crisis, urgency: Urgency, story: Story, tools: Tools
) -> list[Envelope]:
    """Open the lines' balances and ask a desk to match; returns what is to be told."""
    await ledger.post(
        tx, [], opened_supply={(line.offer_line_id, offer.is_drill): line.qty for line in offer.lines}
    )
    if offer.is_unsolicited:
        await ask_for_match(tx, offer, crisis, urgency, story, tools)
    return [events.offer_opened(offer, story)]


async def ask_for_match(
    tx: Transaction, offer: Offer, crisis: Crisis, urgency: Urgency, story: Story, tools: Tools
) -> None:
    """Ask the desk of the nearest place where the goods are missing to match the offer; what it would do
    together with others is looked at afterwards."""
    first = offer.lines[0]
    gaps = await nearest_gaps(
        tx, crisis.crisis_id, first.item_code, offer.origin, limit=1, earmark=first.earmark, now=story.at
    )
    await open_task(
        tx,
        kind=TaskKind.MATCH_OFFER,
        crisis_id=crisis.crisis_id,
        is_drill=crisis.is_drill,
        subject_type=offers.SUBJECT,
        subject_id=offer.offer_id,
        place=gaps[0].district if gaps else crisis.area[0],
        item_group=goods(first.item_code).tamp_group,
        urgency=urgency,
        due_at=story.at + crisis.timers.period(Silence.DESK, urgency),
        story=story,
        tools=tools,
    )
    await look_with_offer(tx, offer, story.at)


async def _must_be_wanted_somewhere(
    tx: Transaction, offer: Offer, area: Sequence[str], item_code: str
) -> None:
    stopped: Saturated | None = None
    for place in area:
        try:
            await must_not_be_saturated(
                tx, offer.crisis_id, item_code, place, Urgency.NORMAL, origin=offer.origin
            )
        except Saturated as refusal:
            stopped = refusal
        else:
            return
    if stopped is not None:
        raise stopped
