"""What is refused because of an offer or a package."""

from .base import Refusal


class OfferNotInState(Refusal):
    """The offer is in another state"""

    tr = "Teklif başka bir durumda"
    detail_en = "The offer is {state}; this needs {wanted}."
    detail_tr = "Teklifin durumu {state}; bunun için {wanted} gerekir."


class OfferOver(Refusal):
    """The offer has ended"""

    tr = "Teklifin süresi doldu"
    detail_en = "Its goods were available until {available_until}."
    detail_tr = "Malzeme {available_until} tarihine kadar verilebiliyordu."
