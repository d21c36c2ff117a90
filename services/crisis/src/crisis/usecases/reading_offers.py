"""What may be read of offers, and by whom: the organisation its own, desks and auditors of the crisis
what is out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from crisis.domain.alternatives import Alternative
from crisis.domain.balances import OfferBalance
from crisis.domain.crises import Crisis
from crisis.domain.offers import Offer
from crisis.domain.refusals import NotFound
from crisis.store import crises, line_lists, offer_lists, offers
from crisis.store.gaps import Goods, nearest_of_many
from crisis.store.offer_lists import MatchFilter, OfferFilter
from crisis.usecases.offer_authority import crisis_desk_role, must_see_offer, reads_all_offers
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction

Position = tuple[Any, ...] | None
Gaps = Mapping[UUID, list[Alternative]]
_GAPS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class OfferShown:
    """An offer with the balances of its opened lines; `gaps` where its free goods are missing, by line."""

    offer: Offer
    balances: Mapping[UUID, OfferBalance]
    gaps: Gaps | None = None


@dataclass(frozen=True, slots=True)
class OffersRead:
    """Offers as they were at one moment of the database's clock, each with its last change."""

    at: datetime
    rows: list[tuple[OfferShown, datetime]]
    stopped_at: Position = None


@dataclass(frozen=True, slots=True)
class QueueRead:
    """Offers that wait to be matched."""

    rows: list[OfferShown]
    stopped_at: Position = None


async def offer(tx: Transaction, offer_id: UUID, caller: Caller) -> OfferShown:
    """One offer; raises NotFound also for those who may not see it."""
    found = await offers.read(tx, offer_id)
    if found is None:
        raise NotFound(kind="offer", id=str(offer_id))
    must_see_offer(caller, found, await _crisis(tx, found.crisis_id))
    return OfferShown(found, await offers.balances(tx, [found]))


async def as_left(tx: Transaction, found: Offer) -> OfferShown:
    """The offer as a command of its own side or of a desk left it."""
    return OfferShown(found, await offers.balances(tx, [found]))


async def page(
    tx: Transaction, caller: Caller, wanted: OfferFilter, after: Position, limit: int, *, is_mine: bool
) -> OffersRead:
    """Offers: all that are out for desks and auditors of the crisis, own ones for others; raises NotFound."""
    crisis = await _crisis(tx, wanted.crisis_id)
    org_id = caller.organisation_id if is_mine or not reads_all_offers(caller, crisis) else None
    found = await offer_lists.page(tx, replace(wanted, org_id=org_id), after, limit)
    balances = await offers.balances(tx, [listed.offer for listed in found.rows])
    rows = [(OfferShown(listed.offer, balances), listed.changed_at) for listed in found.rows]
    return OffersRead(await line_lists.now(tx), rows, found.stopped_at)


async def match_queue(
    tx: Transaction, caller: Caller, wanted: MatchFilter, after: Position, limit: int
) -> QueueRead:
    """Offers without target, oldest first, each free line with where it is missing most nearly.

    One offer more than `limit` when there are more, without its gaps. Raises NotFound, RoleMissing.
    """
    crisis_desk_role(caller, await _crisis(tx, wanted.crisis_id))
    listed = await offer_lists.to_match(tx, wanted, after, limit + 1)
    found = listed.rows
    balances = await offers.balances(tx, found)
    free = {
        line.offer_line_id: Goods(line.item_code, each.origin, line.earmark)
        for each in found[:limit]
        for line in each.lines
        if balances[line.offer_line_id].free > 0
    }
    nearest = await nearest_of_many(tx, wanted.crisis_id, set(free.values()), wanted.now, _GAPS_SHOWN)
    missing = {line_id: nearest[goods] for line_id, goods in free.items()}
    return QueueRead([OfferShown(each, balances, missing) for each in found], listed.stopped_at)


async def _crisis(tx: Transaction, crisis_id: UUID) -> Crisis:
    crisis = await crises.read(tx, crisis_id)
    if crisis is None:
        raise NotFound(kind="crisis", id=str(crisis_id))
    return crisis
