"""Who may do what with an offer: its organisation states and takes back, desks of the crisis suspend.

A desk may act for the whole crisis it sits in: goods come from elsewhere. Drafts and what waits for a second
key of the organisation are nobody else's business.
"""

from uuid import UUID

from crisis.domain.crises import Crisis
from crisis.domain.offers import Offer, OfferState
from crisis.domain.refusals import NotFound, RoleMissing, SameParty
from crisis.usecases.authority import DESKS, PLEDGERS, READERS, acting_role
from imece_chassis.access.caller import Caller

PRIVATE = (OfferState.DRAFT, OfferState.INTERNAL_APPROVAL)


def offerer_role(caller: Caller, origin: str, crisis: Crisis) -> str:
    """`pledger` for goods that come from there or go to the crisis; raises RoleMissing."""
    return _role_somewhere(caller, PLEDGERS, (origin, *crisis.area), crisis)


def own_offer_role(caller: Caller, offer: Offer, crisis: Crisis) -> str:
    """`pledger` when the offer is the caller's own; raises NotFound, RoleMissing."""
    must_see_offer(caller, offer, crisis)
    if caller.organisation_id != offer.org_id:
        raise RoleMissing(roles="pledger", place=offer.origin)
    return offerer_role(caller, offer.origin, crisis)


def any_own_role(caller: Caller, offer: Offer, crisis: Crisis) -> str:
    """Whatever role the caller holds in the organisation of the offer; raises NotFound, RoleMissing."""
    must_see_offer(caller, offer, crisis)
    held = caller.grants_of(tuple(grant.role for grant in caller.grants))
    if caller.organisation_id != offer.org_id or not held:
        raise RoleMissing(roles="pledger", place=offer.origin)
    return held[0].role


def offering_grant(caller: Caller, role: str, origin: str, crisis: Crisis) -> UUID | None:
    """The id of the grant by which `offerer_role` gave the role."""
    for place in (origin, *crisis.area):
        grant = caller.grant_of(role, province=place[4:6], crisis_id=crisis.crisis_id)
        if grant is not None:
            return grant.grant_id
    return None


def offer_desk_role(caller: Caller, offer: Offer, crisis: Crisis) -> str:
    """The desk role over another organisation's offer; raises NotFound, RoleMissing, SameParty."""
    must_see_offer(caller, offer, crisis)
    role = crisis_desk_role(caller, crisis)
    if caller.organisation_id == offer.org_id:
        raise SameParty(side="pledger", action="decide on the offer")
    return role


def crisis_desk_role(caller: Caller, crisis: Crisis) -> str:
    """The role of a desk of the crisis; raises RoleMissing."""
    return _role_somewhere(caller, DESKS, crisis.area, crisis)


def must_see_offer(caller: Caller, offer: Offer, crisis: Crisis) -> None:
    """Its organisation, and once others heard of it who reads all offers; raises NotFound for others."""
    if caller.organisation_id == offer.org_id:
        return
    if not offer.told or not reads_all_offers(caller, crisis):
        raise NotFound(kind="offer", id=str(offer.offer_id))


def reads_all_offers(caller: Caller, crisis: Crisis) -> bool:
    """Whether the caller sits at a desk of the crisis or audits it."""
    try:
        _role_somewhere(caller, READERS, crisis.area, crisis)
    except RoleMissing:
        return False
    return True


def _role_somewhere(caller: Caller, roles: tuple[str, ...], places: tuple[str, ...], crisis: Crisis) -> str:
    for place in places[:-1]:
        try:
            return acting_role(caller, roles, place=place, crisis_id=crisis.crisis_id)
        except RoleMissing:
            continue
    return acting_role(caller, roles, place=places[-1], crisis_id=crisis.crisis_id)
