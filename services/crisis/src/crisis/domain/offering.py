"""Stating an offer, opening it, and taking it back: what an organisation itself decides.

Above the organisation's own threshold a second key of it must agree before anybody hears of the offer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from imece_reference.places import place

from .balances import ZERO, OfferBalance
from .clocks import Urgency
from .crises import Crisis, must_be_open
from .earmarks import earmark_of
from .offers import (
    DRAFT_LIFE,
    Money,
    Offer,
    OfferClock,
    OfferLine,
    OfferState,
    OfferTimer,
)
from .refusals import (
    AboveOwnThreshold,
    AvailabilityInvalid,
    CallAboveOwnThreshold,
    OfferLinePromised,
    SameKey,
    StepAboveQuantity,
)
from .shelf_life import Mark, must_keep, shelf_mark
from .thresholds import NOTHING_OPENED, Opened, Thresholds
from .units import entered, goods, plain, whole_or_refused

APPROVAL_WITHIN: Mapping[Urgency, timedelta] = {
    Urgency.LIFE_SAVING: timedelta(hours=12),
    Urgency.URGENT: timedelta(hours=12),
    Urgency.NORMAL: timedelta(hours=48),
}


@dataclass(frozen=True, slots=True)
class OfferLineRequest:
    """A line as written; `quantity` is decimal text in `unit`, `step` in the item's base unit."""

    item_code: str
    quantity: str
    unit: str
    step: str | None = None
    ready_within_minutes: int | None = None
    lot: str | None = None
    best_before: date | None = None
    value: Money | None = None
    earmark: Mapping[str, Sequence[Any]] | None = None


@dataclass(frozen=True, slots=True)
class OfferRequest:
    """An offer as written; without end it is available for as long as the crisis sets."""

    origin: str
    lines: tuple[OfferLineRequest, ...]
    available_from: datetime | None = None
    available_until: datetime | None = None
    has_transport: bool = False


def drafted(
    request: OfferRequest,
    offer_id: UUID,
    crisis: Crisis,
    org_id: UUID,
    now: datetime,
    new_id: Callable[[], UUID],
) -> Offer:
    """The offer as draft of its organisation: nobody else sees it, and after a week it is gone.

    Raises UnknownPlace, UnknownItem, ItemNotGoods, InvalidQuantity, UnknownUnit, NotWhole, QuantityTooLarge,
    StepAboveQuantity, BestBeforePast, EarmarkInvalid and AvailabilityInvalid.
    """
    starts = request.available_from or now
    ends = request.available_until or crisis.timers.available_until(starts)
    if ends <= max(starts, now):
        raise AvailabilityInvalid(available_until=ends.isoformat(), starts=max(starts, now).isoformat())
    return Offer(
        offer_id=offer_id,
        crisis_id=crisis.crisis_id,
        is_drill=crisis.is_drill,
        org_id=org_id,
        origin=place(request.origin).pcode,
        available_from=starts,
        available_until=ends,
        has_transport=request.has_transport,
        state=OfferState.DRAFT,
        lines=tuple(stated_line(line, new_id(), now) for line in request.lines),
        clock=OfferClock(new_id(), OfferTimer.DRAFT, now + DRAFT_LIFE),
        is_unsolicited=True,
    )


def stated_line(request: OfferLineRequest, line_id: UUID, now: datetime) -> OfferLine:
    """One line in base units; raises what `drafted` does of a line."""
    quantity, pack = entered(request.item_code, request.quantity, request.unit)
    step = ZERO if request.step is None else whole_or_refused(request.item_code, request.step)
    if step > quantity:
        raise StepAboveQuantity(step=plain(step), quantity=plain(quantity), unit=pack.pack)
    must_keep(request.best_before, now)
    return OfferLine(
        offer_line_id=line_id,
        item_code=request.item_code,
        unit=goods(request.item_code).base_unit,
        qty=quantity,
        pack=pack,
        step=step,
        ready_within_minutes=request.ready_within_minutes,
        lot=request.lot,
        best_before=request.best_before,
        value=request.value,
        earmark=earmark_of(request.earmark or {}),
    )


def submitted(
    draft: Offer,
    crisis: Crisis,
    thresholds: Thresholds,
    urgency: Urgency,
    key_id: UUID,
    now: datetime,
    new_id: Callable[[], UUID],
    *,
    beside: Opened = NOTHING_OPENED,
) -> Offer:
    """The draft opened, or waiting for a second key; `beside` it the key opened this lately.

    Raises CrisisNotOpen, OfferNotInState, AvailabilityInvalid and BestBeforePast.
    """
    must_be_open(crisis)
    draft.must_be(OfferState.DRAFT)
    if draft.available_until <= now:
        raise AvailabilityInvalid(available_until=draft.available_until.isoformat(), starts=now.isoformat())
    for line in draft.lines:
        must_keep(line.best_before, now)
    if not thresholds.are_passed_by(draft.lines, beside):
        return by_one_key(opened(draft, new_id), thresholds, key_id)
    due = min(now + APPROVAL_WITHIN[urgency], draft.available_until)
    waiting = draft.now_in(OfferState.INTERNAL_APPROVAL, OfferClock(new_id(), OfferTimer.APPROVAL, due))
    return replace(waiting, asked_by_key=key_id)


def by_one_key(offer: Offer, thresholds: Thresholds | None, key_id: UUID) -> Offer:
    """The offer, remembering which key put it up alone where its organisation limits that."""
    is_limited = thresholds is not None and thresholds.are_stated
    return replace(offer, opened_by_key=key_id) if is_limited else offer


def must_be_below(
    thresholds: Thresholds | None, lines: Sequence[OfferLine], beside: Opened = NOTHING_OPENED
) -> None:
    """Raise AboveOwnThreshold for goods a second key of the organisation must agree to offer."""
    if thresholds is not None and thresholds.are_passed_by(lines, beside):
        largest = max(lines, key=lambda line: line.qty)
        raise AboveOwnThreshold(quantity=plain(largest.qty), unit=largest.unit)


def opened(offer: Offer, new_id: Callable[[], UUID]) -> Offer:
    """The offer as others hear of it, until its goods are no longer available."""
    clock = OfferClock(new_id(), OfferTimer.AVAILABLE, offer.available_until)
    return offer.now_in(OfferState.OPEN, clock).heard()


def agreed(offer: Offer, key_id: UUID, grant_id: UUID | None) -> Offer:
    """The offer of a call, to whose size one key of its organisation agrees so that another may accept it."""
    again = offer.now_in(OfferState.OPEN, offer.clock)
    return replace(again, asked_by_key=key_id, approved_by_grant=grant_id)


def must_be_agreed(
    offer: Offer, given: OfferLine, thresholds: Thresholds, beside: Opened, key_id: UUID
) -> None:
    """Raise CallAboveOwnThreshold or SameKey unless one key may accept so much of a call's offer.

    `given` holds what is accepted; `beside` it the key put this up lately.
    """
    if not thresholds.are_passed_by([given], beside):
        return
    if offer.asked_by_key is None:
        raise CallAboveOwnThreshold(quantity=plain(given.qty), unit=given.unit, offer=str(offer.offer_id))
    if offer.asked_by_key == key_id:
        raise SameKey(action="accept_allocation")


def must_be_second_key(offer: Offer, key_id: UUID) -> None:
    """Raise OfferNotInState, or SameKey for the key that asked for approval."""
    offer.must_be(OfferState.INTERNAL_APPROVAL)
    if offer.asked_by_key == key_id:
        raise SameKey(action="approve_offer")


def must_hold_promises(balance: OfferBalance, quantity: Decimal, unit: str) -> None:
    """Raise OfferLinePromised if a line would hold less than was promised of it."""
    promised = balance.reserved + balance.committed + balance.consumed
    if quantity < promised:
        raise OfferLinePromised(quantity=plain(quantity), promised=plain(promised), unit=unit)


def marks_of(offer: Offer, now: datetime) -> dict[UUID, Mark]:
    """The lines whose goods do not keep for long."""
    marks = {line.offer_line_id: shelf_mark(line.best_before, now) for line in offer.lines}
    return {line_id: mark for line_id, mark in marks.items() if mark is not None}
