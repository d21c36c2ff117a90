"""Offers between the words of the API and those of the domain."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from crisis.domain.balances import OfferBalance
from crisis.domain.offering import OfferLineRequest, OfferRequest
from crisis.domain.offers import Money, Offer, OfferLine
from crisis.domain.shelf_life import shelf_mark
from crisis.domain.units import plain
from crisis.events import moment
from crisis.http.offer_shapes import OfferBody, OfferLineBody
from crisis.http.views import Document, behalf_view, pack_view


def offer_of(body: OfferBody) -> OfferRequest:
    """An offer as written."""
    return OfferRequest(
        origin=body.origin,
        lines=tuple(line_of(line) for line in body.lines),
        available_from=body.available_from,
        available_until=body.available_until,
        has_transport=body.has_transport,
    )


def line_of(body: OfferLineBody) -> OfferLineRequest:
    """A line as written."""
    earmark: Mapping[str, Any] | None = body.earmark.model_dump() if body.earmark else None
    return OfferLineRequest(
        item_code=body.item_code,
        quantity=body.quantity,
        unit=body.unit,
        step=body.step,
        ready_within_minutes=body.ready_within_minutes,
        lot=body.lot,
        best_before=body.best_before,
        value=Money(Decimal(body.value.amount), body.value.currency) if body.value else None,
        earmark=earmark,
    )


def offer_view(offer: Offer, balances: Mapping[UUID, OfferBalance], now: datetime) -> Document:
    """An offer with what is free of each line."""
    return {
        "offer_id": offer.offer_id,
        "crisis_id": offer.crisis_id,
        "is_drill": offer.is_drill,
        "org_id": offer.org_id,
        "origin": offer.origin,
        "available_from": moment(offer.available_from),
        "available_until": moment(offer.available_until),
        "has_transport": offer.has_transport,
        "state": offer.state.value,
        "reason": offer.reason,
        "suspended_by": offer.cause,
        "is_unsolicited": offer.is_unsolicited,
        "package_id": offer.package_id,
        "on_behalf": behalf_view(offer.behalf),
        "deadline_at": moment(offer.clock.due_at) if offer.clock else None,
        "version": offer.version,
        "lines": [_line_view(line, balances.get(line.offer_line_id), now) for line in offer.lines],
    }


def _line_view(line: OfferLine, balance: OfferBalance | None, now: datetime) -> Document:
    return {
        "offer_line_id": line.offer_line_id,
        **stated_view(line, now),
        "free": plain(balance.free) if balance else None,
        "reserved": plain(balance.reserved) if balance else None,
        "committed": plain(balance.committed) if balance else None,
        "consumed": plain(balance.consumed) if balance else None,
    }


def stated_view(line: OfferLine, now: datetime) -> Document:
    """What was said of a line, and whether its goods keep."""
    value = line.value
    return {
        "item_code": line.item_code,
        "quantity": plain(line.qty),
        "unit": line.unit,
        "entered_as": pack_view(line.pack),
        "step": plain(line.step),
        "lot": line.lot,
        "best_before": line.best_before.isoformat() if line.best_before else None,
        "shelf_mark": shelf_mark(line.best_before, now),
        "value": {"amount": plain(value.amount), "currency": value.currency} if value else None,
        "earmark": line.earmark.as_document(),
        "ready_within_minutes": line.ready_within_minutes,
    }
