"""ReviseOfferLine: a line holds more or less than stated, never less than was promised of it."""

from dataclasses import dataclass, replace
from uuid import UUID

from crisis import events
from crisis.domain.offering import must_be_below, must_hold_promises
from crisis.domain.offers import Offer, OfferLine, OfferState
from crisis.domain.refusals import NotFound
from crisis.domain.units import whole_or_refused
from crisis.store import ledger, offers, organisations, own_limits
from crisis.usecases.offer_authority import own_offer_role
from crisis.usecases.offer_step import lock, write
from crisis.usecases.tools import Tools, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class ReviseOfferLine:
    """`quantity` is decimal text in the line's unit."""

    offer_id: UUID
    offer_line_id: UUID
    quantity: str


async def revise_offer_line(tx: Transaction, command: ReviseOfferLine, caller: Caller, tools: Tools) -> Offer:
    """The offer with the line as it is now.

    Raises NotFound, RoleMissing, OfferNotInState, OfferLinePromised, AboveOwnThreshold, InvalidQuantity,
    NotWhole, QuantityTooLarge.
    """
    locked = await lock(tx, command.offer_id)
    role = own_offer_role(caller, locked.offer, locked.crisis)
    locked.offer.must_be(OfferState.OPEN)
    before = _line(locked.offer, command.offer_line_id)
    line = replace(before, qty=whole_or_refused(before.item_code, command.quantity))
    must_hold_promises(locked.balances[line.offer_line_id], line.qty, line.unit)
    lines = tuple(line if each is before else each for each in locked.offer.lines)
    thresholds = await organisations.thresholds_in_force(tx, locked.offer.org_id)
    if line.qty > before.qty and thresholds.are_stated:
        key_id, crisis_id = caller.key_id, locked.crisis.crisis_id
        beside = await own_limits.opened_by(tx, key_id, crisis_id, without=locked.offer.offer_id)
        must_be_below(thresholds, lines, beside)
    now, command_id = tools.clock.now(), tools.new_id()
    story = story_of(caller, role, command_id, locked.crisis.crisis_id, locked.crisis.is_drill, now)
    after = replace(locked.offer, lines=lines, version=locked.offer.version + 1).heard()
    by = line.qty - before.qty
    await ledger.post(tx, [], revised_supply={(line.offer_line_id, after.is_drill): by})
    await offers.record_revision(
        tx,
        line.offer_line_id,
        line.qty,
        is_drill=after.is_drill,
        reason=None,
        by_org_id=caller.organisation_id,
        command_id=command_id,
    )
    told = [events.offer_revised(after, line, before.qty, story)]
    await write(tx, locked.offer, after, "revise_offer_line", caller, story, told)
    return after


def _line(offer: Offer, offer_line_id: UUID) -> OfferLine:
    for line in offer.lines:
        if line.offer_line_id == offer_line_id:
            return line
    raise NotFound(kind="offer line", id=str(offer_line_id))
