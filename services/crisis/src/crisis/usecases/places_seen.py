"""Who may be shown the exact place of a need whose sensitivity keeps it.

Its own organisation, desks of the area, a verifier while nobody has verified it, and pledgers from the moment
something of theirs is held for it.
"""

from collections.abc import Collection
from uuid import UUID

from crisis.domain.needs import Need
from crisis.domain.refusals import RoleMissing
from crisis.store import need_allocations
from crisis.usecases.authority import DESKS, VERIFIERS, acting_role
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


async def places_seen(tx: Transaction, needs: Collection[Need], caller: Caller) -> frozenset[UUID]:
    """Ids of those of the needs whose exact place the caller may see; one statement, if it matters."""
    by_right = {need.need_id for need in needs if not need.handling.keeps_its_place or _may_see(need, caller)}
    others = [need.need_id for need in needs if need.need_id not in by_right]
    if not others:
        return frozenset(by_right)
    return frozenset(by_right | await need_allocations.given_for(tx, others, caller.organisation_id))


def _may_see(need: Need, caller: Caller) -> bool:
    if caller.organisation_id == need.asker_org_id:
        return True
    roles = DESKS if need.verification else VERIFIERS
    try:
        acting_role(caller, roles, place=need.district, crisis_id=need.crisis_id)
    except RoleMissing:
        return False
    return True
