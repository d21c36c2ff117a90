"""Who may do what with a need: its own organisation, verifiers of others, the desks of its place.

An asker is accredited where its organisation holds the role of verifier or of a standing desk: the registry
grants these only to accredited organisations. A shift at a desk accredits nobody.
"""

from uuid import UUID

from crisis.domain.needs import Need
from crisis.domain.refusals import RoleMissing
from crisis.usecases.authority import ASKERS, DESKS, VERIFIERS, acting_role
from imece_chassis.access.caller import Caller

REPORTERS = (*ASKERS, "field_reporter")
ACCREDITED = tuple(role for role in VERIFIERS if role != "duty_officer")


def is_accredited(caller: Caller, *, place: str, crisis_id: UUID) -> bool:
    """Whether a life-saving need of the caller's organisation there may open before it is verified."""
    if not caller.is_organisation_active:
        return False
    try:
        acting_role(caller, ACCREDITED, place=place, crisis_id=crisis_id)
    except RoleMissing:
        return False
    return True


def own_role(caller: Caller, need: Need) -> str:
    """The role in which the caller states its own organisation's need; raises RoleMissing."""
    if caller.organisation_id != need.asker_org_id:
        raise RoleMissing(roles="asker", place=need.district)
    return acting_role(caller, REPORTERS, place=need.district, crisis_id=need.crisis_id)


def verifier_role(caller: Caller, need: Need) -> str:
    """The role in which the caller judges a need; raises RoleMissing."""
    return acting_role(caller, VERIFIERS, place=need.district, crisis_id=need.crisis_id)


def desk_role(caller: Caller, need: Need) -> str:
    """The role of the desk of the need's place; raises RoleMissing."""
    return acting_role(caller, DESKS, place=need.district, crisis_id=need.crisis_id)


def asker_or_desk_role(caller: Caller, need: Need) -> str:
    """The role of the need's own organisation or of the desk of its place; raises RoleMissing."""
    if caller.organisation_id == need.asker_org_id and caller.may(
        "asker", province=need.district[4:6], crisis_id=need.crisis_id
    ):
        return "asker"
    return acting_role(caller, DESKS, place=need.district, crisis_id=need.crisis_id)
