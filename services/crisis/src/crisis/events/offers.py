"""Events of offers. Their sequence counts events, not versions: nobody hears of an offer before it opens."""

from decimal import Decimal
from typing import Any

from crisis.domain.offers import Offer, OfferLine
from crisis.events.story import Story, moment, quantity, sealed
from imece_contracts import crisis as contract
from imece_contracts.envelope import Envelope
from imece_contracts.event import EventData


def offer_opened(offer: Offer, story: Story) -> Envelope:
    """An organisation stands ready with goods."""
    document = {**_offer(offer), "has_transport": offer.has_transport}
    if offer.is_unsolicited:
        document["is_unsolicited"] = True
    if offer.behalf is not None:
        document["on_behalf_by"] = offer.behalf.by_org_id
        document["object_until"] = moment(offer.behalf.object_until)
    if offer.package_id is not None:
        document["package"] = offer.package_id
    return _of_offer(contract.OfferOpened, offer, document, story)


def offer_revised(offer: Offer, line: OfferLine, before: Decimal, story: Story) -> Envelope:
    """`line` as it is now, and what it held before."""
    changed = {"line": line.offer_line_id, "before": quantity(before), "after": quantity(line.qty)}
    return _of_offer(contract.OfferRevised, offer, {**_offer(offer), **changed}, story)


def offer_suspended(offer: Offer, story: Story) -> Envelope:
    """The offer as suspended: by whom, why, and until when at most."""
    assert offer.cause is not None and offer.clock is not None
    document = {
        **_offer(offer),
        "cause": offer.cause,
        "reason": offer.reason,
        "until": moment(offer.clock.due_at),
    }
    return _of_offer(contract.OfferSuspended, offer, document, story)


def offer_resumed(offer: Offer, reason: str, story: Story) -> Envelope:
    """The offer as open again."""
    return _of_offer(contract.OfferResumed, offer, {**_offer(offer), "reason": reason}, story)


def offer_closed(offer: Offer, story: Story) -> Envelope:
    """Last event of an offer others had heard of."""
    return _of_offer(contract.OfferClosed, offer, {**_offer(offer), "reason": offer.reason}, story)


def _offer(offer: Offer) -> dict[str, Any]:
    return {
        "offer": offer.offer_id,
        "org": offer.org_id,
        "origin": offer.origin,
        "available_until": moment(offer.available_until),
        "lines": [_line(line) for line in offer.lines],
    }


def _line(line: OfferLine) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "line": line.offer_line_id,
        "item": line.item_code,
        "qty": quantity(line.qty),
        "unit": line.unit,
    }
    if line.ready_within_minutes is not None:
        stated["ready_within_minutes"] = line.ready_within_minutes
    if line.earmark:
        stated["earmark"] = line.earmark.as_document()
    return stated


def _of_offer(model: type[EventData], offer: Offer, document: dict[str, Any], story: Story) -> Envelope:
    return sealed(model, document, f"offer/{offer.offer_id}", offer.offer_id, offer.told, story)
