"""SettleOffers: the clock looks at many offers in one transaction, and closes those that simply end.

Ten thousand promises that expire in one night leave as many offers behind. An offer that needs more than
closing is looked at alone, see `settle_offer`: rows wait on it, somebody was asked about it, or its goods are
to be matched.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from crisis import events
from crisis.domain.balances import OfferBalance
from crisis.domain.offer_ends import WAITING_ROWS, CloseReason, Instead, closed, what_becomes
from crisis.domain.offers import Offer
from crisis.domain.states import State
from crisis.events import Story
from crisis.store import command_log, crises, offers, offers_together, tasks
from crisis.usecases.authority import SYSTEM
from crisis.usecases.end_offer_silence import settle_offer
from crisis.usecases.tools import Tools, audit
from imece_chassis import outbox
from imece_chassis.database import Database, Transaction
from imece_chassis.deadlines import Deadline, cancel, fire_many
from imece_chassis.together import Together
from imece_contracts.envelope import Envelope

SIDE_BY_SIDE = 8


@dataclass(frozen=True, slots=True)
class _Ended:
    """An offer as it ends: before and after, its row of the log, its event if anybody ever heard of it."""

    before: Offer
    after: Offer
    audit: command_log.Command
    told: Envelope | None


async def settle_offers(database: Database, due: Sequence[Deadline], tools: Tools) -> None:
    """Look at the offers of these lines; each deadline is settled with what it does.

    Raises the first error of those that are looked at alone when all of them have been tried.
    """
    alone = await database.unit_of_work(lambda tx: _settle_together(tx, due, tools))
    slots = asyncio.Semaphore(SIDE_BY_SIDE)

    async def look(each: Deadline) -> None:
        async with slots:
            await database.unit_of_work(lambda tx: settle_offer(tx, each.deadline_id, each.subject_id, tools))

    done = await asyncio.gather(*(look(each) for each in alone), return_exceptions=True)
    failed = next((error for error in done if error is not None), None)
    if failed is not None:
        raise failed


async def _settle_together(tx: Transaction, due: Sequence[Deadline], tools: Tools) -> list[Deadline]:
    """Close what simply ends; returns the deadlines of the others, unsettled."""
    known = await offers_together.of_lines(tx, [each.subject_id for each in due])
    offer_ids = sorted({offer_id for offer_id, _ in known.values()})
    await crises.lock_shared(tx, sorted({crisis_id for _, crisis_id in known.values()}))
    locked, balances = await offers_together.lock(tx, offer_ids)
    ends = await offers_together.ends(tx, offer_ids)
    asked_about = await tasks.waiting_on(tx, offers.SUBJECT, offer_ids)
    found = {
        offer_id: None if offer_id in asked_about else _simply(offer, balances, ends.get(offer_id, []))
        for offer_id, offer in locked.items()
    }
    alone = [each for each in due if found[known[each.subject_id][0]] is None]
    plain = [each for each in due if found[known[each.subject_id][0]] is not None]
    still = await fire_many(tx, [each.deadline_id for each in plain])
    ending = sorted({known[each.subject_id][0] for each in plain if each.deadline_id in still})
    await _close(
        tx,
        [
            _ended(locked[offer_id], reason, tools)
            for offer_id in ending
            if isinstance(reason := found[offer_id], CloseReason)
        ],
    )
    return alone


def _simply(
    offer: Offer, balances: Mapping[UUID, OfferBalance], states: Sequence[State]
) -> CloseReason | Instead | None:
    """What becomes of the offer if that is done by closing it or leaving it; None: it is looked at alone."""
    held = [balances[line.offer_line_id] for line in offer.lines if line.offer_line_id in balances]
    if len(held) < len(offer.lines):
        return None
    found = what_becomes(offer, held, states)
    has_more = isinstance(found, CloseReason) and any(state in WAITING_ROWS for state in states)
    return None if has_more or found is Instead.IS_MATCHED else found


def _ended(offer: Offer, reason: CloseReason, tools: Tools) -> _Ended:
    story = Story(tools.new_id(), offer.crisis_id, offer.is_drill, None, SYSTEM, tools.clock.now())
    after = closed(offer, reason)
    versions = (offer.version, after.version)
    logged = audit(story, None, "end_offer", offers.SUBJECT, offer.offer_id, versions, reason=reason)
    told = events.offer_closed(after, story) if after.told > offer.told else None
    return _Ended(offer, after, logged, told)


async def _close(tx: Transaction, ended: Sequence[_Ended]) -> None:
    if not ended:
        return
    together = Together(tx)
    clocks = [each.before.clock for each in ended]
    await cancel(together, *(clock.deadline_id for clock in clocks if clock is not None))
    await offers_together.close(together, [each.after for each in ended])
    await command_log.record(together, [each.audit for each in ended])
    await outbox.append(together, *(each.told for each in ended if each.told is not None))
    await together.run()
