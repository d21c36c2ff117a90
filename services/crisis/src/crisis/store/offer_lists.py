"""Which offers: of a crisis, to be matched, behind their organisation; how urgent items are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from crisis.domain.clocks import Urgency
from crisis.domain.offers import Offer
from crisis.store.offers import read_many
from crisis.store.queries import query
from crisis.store.walks import LOOKED_AT, Found, Walk, found
from imece_chassis.database import Transaction
from imece_chassis.ids import BEFORE_ALL, BEYOND_ALL
from imece_chassis.selection import Selection

_OFFERS_ONE = (
    "EXISTS (SELECT FROM offer_lines AS line WHERE line.offer_id = offer.offer_id"
    " AND line.is_drill = offer.is_drill AND line.item_code = ANY ({}) OFFSET 0)"
)


_HAS_FREE = (
    "EXISTS (SELECT FROM offer_lines AS line JOIN offer_line_balances AS balance"
    " ON balance.offer_line_id = line.offer_line_id AND balance.is_drill = line.is_drill"
    " WHERE line.offer_id = offer.offer_id AND line.is_drill = offer.is_drill"
    " AND balance.qty > balance.reserved + balance.committed + balance.consumed AND {asked} OFFSET 0)"
)


@dataclass(frozen=True, slots=True)
class OfferFilter:
    """Which offers of a crisis: of `org_id`, or all that others have heard of.

    `province` is the p-code of where the goods stand; `items` holds when one line is of one of these codes;
    `due_before`: available until before that moment. With `updated_since` offers come in the order of their
    change, otherwise newest first.
    """

    crisis_id: UUID
    org_id: UUID | None = None
    state: str | None = None
    province: str | None = None
    items: list[str] | None = None
    due_before: datetime | None = None
    updated_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class MatchFilter:
    """Which offers wait to be matched at `now`; of one of the `items` something must be free."""

    crisis_id: UUID
    now: datetime
    province: str | None = None
    items: list[str] | None = None
    due_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """An offer and when it last changed."""

    offer: Offer
    changed_at: datetime


async def page(
    tx: Transaction, wanted: OfferFilter, after: tuple[Any, ...] | None, limit: int, look: int = LOOKED_AT
) -> Found[Listed]:
    """Offers in order; `after` is (id,) or, by change, (changed_at, id) of the last."""
    walk = _newest(wanted, after) if wanted.updated_since is None else _by_change(wanted, after)
    listed = await found(tx, walk, limit, look)
    known = await _in_order(tx, listed.rows)
    return listed.showing(
        [Listed(offer, row["changed_at"]) for offer, row in zip(known, listed.rows, strict=True)]
    )


async def to_match(
    tx: Transaction, wanted: MatchFilter, after: tuple[Any, ...] | None, limit: int, look: int = LOOKED_AT
) -> Found[Offer]:
    """Open offers without target that still have something free, oldest first; `after` is (id,)."""

    def led() -> Selection:
        chosen = Selection().where("offer.crisis_id = {}", wanted.crisis_id)
        return chosen.where("offer.offer_id > {}", BEFORE_ALL if after is None else UUID(after[0]))

    def fit(fits: Selection) -> None:
        fits.where("upper(offer.available) > {}", wanted.now)
        _placed(fits, wanted)
        line = fits.further().where("line.item_code = ANY ({})", wanted.items)
        fits.when(True, _HAS_FREE.format(asked=line.text))

    walk = Walk("list_match_queue", "walk_match_queue", "offer.offer_id", ("offer_id",), led, fit)
    listed = await found(tx, walk, limit, look)
    return listed.showing(await _in_order(tx, listed.rows))


def _newest(wanted: OfferFilter, after: tuple[Any, ...] | None) -> Walk:
    """Led by the organisation, else by the state: each has an index in this order."""

    def led() -> Selection:
        chosen = Selection().where("offer.crisis_id = {}", wanted.crisis_id)
        chosen.where("offer.offer_id < {}", BEYOND_ALL if after is None else UUID(after[0]))
        if wanted.org_id is not None:
            return chosen.where("offer.org_id = {}", wanted.org_id)
        return chosen.when(True, "offer.told > 0").where("offer.state = {}", wanted.state)

    def fit(fits: Selection) -> None:
        fits.where("offer.state = {}", None if wanted.org_id is None else wanted.state)
        _placed(fits, wanted).where(_OFFERS_ONE, wanted.items)

    return Walk("list_offers", "walk_offers", "offer.offer_id DESC", ("offer_id",), led, fit)


def _by_change(wanted: OfferFilter, after: tuple[Any, ...] | None) -> Walk:
    def led() -> Selection:
        chosen = Selection().where("offer.crisis_id = {}", wanted.crisis_id)
        chosen.where("offer.changed_at >= {}", wanted.updated_since)
        if after is not None:
            last, moment = chosen.place(UUID(after[1])), datetime.fromisoformat(after[0])
            chosen.where(f"(offer.changed_at, offer.offer_id) > ({{}}, {last})", moment)
        return chosen.when(wanted.org_id is None, "offer.told > 0")

    def fit(fits: Selection) -> None:
        fits.where("offer.org_id = {}", wanted.org_id).where("offer.state = {}", wanted.state)
        _placed(fits, wanted).where(_OFFERS_ONE, wanted.items)

    order = "offer.changed_at, offer.offer_id"
    return Walk("list_offers", "walk_offers", order, ("changed_at", "offer_id"), led, fit)


def _placed(fits: Selection, wanted: OfferFilter | MatchFilter) -> Selection:
    fits.where("left(offer.origin, 6) = {}", wanted.province)
    return fits.where("upper(offer.available) < {}", wanted.due_before)


async def _in_order(tx: Transaction, rows: Sequence[Any]) -> list[Offer]:
    known = await read_many(tx, [row["offer_id"] for row in rows])
    return [known[row["offer_id"]] for row in rows]


async def behind_standing(tx: Transaction, org_id: UUID, now: datetime) -> list[UUID]:
    """Some of the organisation's running offers that have not followed its standing yet."""
    return [row[0] for row in await tx.fetch(query("offers_behind_standing"), org_id, now)]


async def most_urgent(tx: Transaction, crisis_id: UUID, item_codes: Sequence[str]) -> Urgency:
    """How urgently one of the items is missing somewhere in the crisis; normal if nowhere."""
    found = {row["urgency"] for row in await tx.fetch(query("urgencies_of_items"), crisis_id, item_codes)}
    return next((urgency for urgency in Urgency if urgency in found), Urgency.NORMAL)
