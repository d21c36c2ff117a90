"""Events of offers."""

from typing import Any

from crisis.domain.pledges import Offer
from crisis.events.story import Story, moment, quantity, sealed
from imece_contracts import crisis as contract
from imece_contracts.envelope import Envelope


def offer_opened(offer: Offer, story: Story) -> Envelope:
    """The offer a pledge created."""
    stated: dict[str, Any] = {
        "line": offer.offer_line_id,
        "item": offer.item_code,
        "qty": quantity(offer.qty),
        "unit": offer.unit,
    }
    if offer.ready_within_minutes is not None:
        stated["ready_within_minutes"] = offer.ready_within_minutes
    document: dict[str, Any] = {
        "offer": offer.offer_id,
        "org": offer.org_id,
        "origin": offer.origin,
        "has_transport": offer.has_transport,
        "available_until": moment(offer.available_until),
        "lines": [stated],
    }
    return sealed(contract.OfferOpened, document, f"offer/{offer.offer_id}", offer.offer_id, 1, story)
