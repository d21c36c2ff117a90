"""The one offer that the goods of a bundle come from: made of its rows, or open already."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from crisis.domain.balances import OfferBalance
from crisis.domain.crises import Crisis
from crisis.domain.offers import Offer, OfferLine
from crisis.domain.pledges import PledgeRequest, line_of_offer, offer_of
from crisis.domain.refusals import AboveOwnThreshold, NotFound, RowsOfOneOffer
from crisis.domain.refusals.bundles import ROW_REFUSALS, RowRefusal
from crisis.domain.supplies import Supply
from crisis.domain.units import plain
from crisis.usecases.pledge_ground import Ground
from crisis.usecases.tools import Tools


def made(
    asked: list[PledgeRequest], crisis: Crisis, ground: Ground, refused: dict[int, RowRefusal], tools: Tools
) -> Offer:
    """One offer of all goods, and in `asked` which line of it each row is given; refusals go to `refused`.

    Raises UnknownPlace, and AboveOwnThreshold for what a second key of the pledger's own must agree to.
    """
    lines: list[OfferLine] = []
    for at, row in enumerate(asked):
        try:
            _, line = ground.where(crisis.crisis_id, row.need_line_id)
            given = line_of_offer(row, line, tools.new_id)
        except ROW_REFUSALS as refusal:
            refused[at] = refusal
            continue
        lines.append(given)
        asked[at] = replace(row, offer_line_id=given.offer_line_id)
    offer = offer_of(asked[0], crisis, tuple(lines), tools.clock.now(), tools.new_id)
    for given in lines:
        ground.supplies[given.offer_line_id] = Supply(
            offer, given, OfferBalance(given.offer_line_id, given.qty)
        )
    _must_be_below(ground, offer)
    return offer


def named(
    asked: Sequence[PledgeRequest],
    offer_id: UUID,
    crisis: Crisis,
    ground: Ground,
    refused: dict[int, RowRefusal],
) -> Offer:
    """The open offer whose lines the rows name. Raises NotFound when none does."""
    found: Offer | None = None
    for at, row in enumerate(asked):
        try:
            supply = ground.supply_of(row, crisis)
            assert supply is not None
            if supply.offer.offer_id != offer_id:
                raise RowsOfOneOffer(offer_line=str(row.offer_line_id), offer=str(offer_id))
            found = supply.offer
        except ROW_REFUSALS as refusal:
            refused[at] = refusal
    if found is None:
        raise NotFound(kind="offer", id=str(offer_id))
    return found


def _must_be_below(ground: Ground, offer: Offer) -> None:
    """Raise AboveOwnThreshold for goods a second key of the pledger's own must agree to offer."""
    thresholds = ground.thresholds.get(offer.org_id)
    if thresholds is not None and thresholds.are_passed_by(offer.lines):
        largest = max(offer.lines, key=lambda line: line.qty)
        raise AboveOwnThreshold(quantity=plain(largest.qty), unit=largest.unit)
