"""Events of offers. Their sequence counts events, not versions: nobody hears of an offer before it opens."""

from typing import Any

from crisis.domain.offers import Offer, OfferLine
from crisis.events.story import Story, moment, quantity, sealed
from imece_contracts import crisis as contract
from imece_contracts.envelope import Envelope
from imece_contracts.event import EventData


def offer_opened(offer: Offer, story: Story) -> Envelope:
    """An organisation stands ready with goods."""
    document: dict[str, Any] = {
        "offer": offer.offer_id,
        "org": offer.org_id,
        "origin": offer.origin,
        "has_transport": offer.has_transport,
        "available_until": moment(offer.available_until),
        "lines": [_line(line) for line in offer.lines],
    }
    return _of_offer(contract.OfferOpened, offer, document, story)


def _line(line: OfferLine) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "line": line.offer_line_id,
        "item": line.item_code,
        "qty": quantity(line.qty),
        "unit": line.unit,
    }
    if line.ready_within_minutes is not None:
        stated["ready_within_minutes"] = line.ready_within_minutes
    return stated


def _of_offer(model: type[EventData], offer: Offer, document: dict[str, Any], story: Story) -> Envelope:
    return sealed(model, document, f"offer/{offer.offer_id}", offer.offer_id, offer.told, story)
