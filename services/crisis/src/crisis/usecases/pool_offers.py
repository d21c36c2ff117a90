"""PoolOffers: offers that are each too small for a line would do together, so its desk is asked to pool them.

Looked for once goods are put up, and once a need takes promises: each look comes after the commit that asked
for it, so of two that happen together the later sees both.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from crisis.domain.candidates import items_done_by
from crisis.domain.clocks import Silence, Urgency
from crisis.domain.crises import Crisis
from crisis.domain.lines import Line
from crisis.domain.needs import NeedLine
from crisis.domain.offers import Offer, OfferLine
from crisis.domain.tasks import TaskKind
from crisis.events import Story
from crisis.store import candidates, crises, lines, needs, offers
from crisis.usecases.authority import SYSTEM
from crisis.usecases.goods_for_lines import GOODS_LOOKED_AT, Pools
from crisis.usecases.tasks import open_task
from crisis.usecases.tools import Tools
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline, fire, schedule_anew
from imece_chassis.ids import uuid7
from imece_reference.places import distance_km

OF_OFFER, OF_NEED = "offer.pool", "need.pool"
SUBJECT = "need_line"
_URGENCIES = tuple(Urgency)


async def look_with_offer(tx: Transaction, offer: Offer, at: datetime) -> None:
    """Have somebody look, after this transaction, whom an offer would help together with others.

    What was made for one line is kept for it.
    """
    if offer.is_unsolicited:
        await schedule_anew(tx, Deadline(uuid7(), offers.SUBJECT, offer.offer_id, OF_OFFER, at))


async def look_for_need(
    tx: Transaction, need_id: UUID, asked: Iterable[NeedLine | Line], at: datetime
) -> None:
    """Have somebody look, after this transaction, for offers to pool for these lines of a need.

    None are pooled where any quantity is useful.
    """
    if any(line.min_useful for line in asked):
        await schedule_anew(tx, Deadline(uuid7(), needs.SUBJECT, need_id, OF_NEED, at))


async def pool_with_offer(
    tx: Transaction, deadline_id: UUID, offer_id: UUID, tools: Tools, most: int = GOODS_LOOKED_AT
) -> bool:
    """Ask for the nearest line that each of the offer's goods would help. False: somebody was quicker."""
    offer = await offers.read(tx, offer_id)
    if offer is None:
        return False
    crisis = (await crises.lock_shared(tx, [offer.crisis_id]))[offer.crisis_id]
    if not await fire(tx, deadline_id):
        return False
    pools = Pools(crisis, tools.clock.now(), most)
    for given in offer.lines:
        line = await _to_help(tx, pools, offer, given, tools.clock.now())
        if line is not None:
            await _ask(tx, crisis, line, tools)
    return True


async def pool_for_need(tx: Transaction, deadline_id: UUID, need_id: UUID, tools: Tools) -> bool:
    """Ask for each line of the need that offers would help together. False: somebody was quicker."""
    need = await needs.read(tx, need_id)
    if need is None:
        return False
    crisis = (await crises.lock_shared(tx, [need.crisis_id]))[need.crisis_id]
    if not await fire(tx, deadline_id):
        return False
    pools = Pools(crisis, tools.clock.now())
    known = await lines.read(tx, [line.need_line_id for line in need.lines if line.min_useful])
    balances = await lines.read_balances(tx, list(known))
    for line_id in sorted(known):
        if await pools.of(tx, known[line_id], balances[line_id]):
            await _ask(tx, crisis, known[line_id], tools)
    return True


async def is_pool_left(tx: Transaction, need_line_id: UUID, now: datetime) -> bool:
    """Whether offers would still help the line together that do not alone."""
    line = (await lines.read(tx, [need_line_id])).get(need_line_id)
    if line is None:
        return False
    balance = (await lines.read_balances(tx, [need_line_id]))[need_line_id]
    crisis = await crises.read(tx, line.crisis_id)
    return crisis is not None and bool(await Pools(crisis, now).of(tx, line, balance))


async def _to_help(
    tx: Transaction, pools: Pools, offer: Offer, given: OfferLine, now: datetime
) -> Line | None:
    """The nearest line that the goods would help with others; none once they are enough alone for one."""
    known = await candidates.lines_with_a_least(tx, offer.crisis_id, items_done_by(given.item_code), now)
    balances = await lines.read_balances(tx, [line.need_line_id for line in known])
    for line in sorted(known, key=lambda line: _nearness(offer, line)):
        balance = balances[line.need_line_id]
        own = await pools.share_of(tx, line, balance, given.offer_line_id)
        if own is None:
            continue
        if own.is_enough:
            return None
        if await pools.of(tx, line, balance):
            return line
    return None


async def _ask(tx: Transaction, crisis: Crisis, line: Line, tools: Tools) -> None:
    now = tools.clock.now()
    await open_task(
        tx,
        kind=TaskKind.POOL_OFFERS,
        crisis_id=line.crisis_id,
        is_drill=line.is_drill,
        subject_type=SUBJECT,
        subject_id=line.need_line_id,
        place=line.district,
        item_group=line.tamp_group or None,
        urgency=line.urgency,
        due_at=now + crisis.timers.period(Silence.DESK, line.urgency),
        story=Story(tools.new_id(), line.crisis_id, line.is_drill, None, SYSTEM, now),
        tools=tools,
    )


def _nearness(offer: Offer, line: Line) -> tuple[int, int, datetime, UUID]:
    """Nearest first, then most urgent, then needed soonest, as gaps are shown."""
    kilometres = round(distance_km(offer.origin[4:6], line.plate))
    return kilometres, _URGENCIES.index(line.urgency), line.needed_by, line.need_line_id
