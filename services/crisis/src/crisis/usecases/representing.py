"""Who writes for an organisation without access: the desk of its seat, or the secretariat.

Whoever wrote answers for it too, until it has a key of its own. Asked for rows that carry the mark only, so
the answers of pledgers themselves cost nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from crisis.domain.allocations import Allocation, Side
from crisis.domain.behalf import Represented
from crisis.domain.refusals import NotFound, OrganisationHasAccess, OrganisationMayNotAct, RoleMissing
from crisis.store import organisations
from crisis.usecases.authority import DESKS, SECRETARIAT, acting_role
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


def writing_role(caller: Caller, org: Represented | None, org_id: UUID, crisis_id: UUID) -> str:
    """The desk role in which the caller writes for the organisation. Raises NotFound, RoleMissing,
    OrganisationMayNotAct, OrganisationHasAccess."""
    if org is None:
        raise NotFound(kind="organisation", id=str(org_id))
    if org.seat_plate is None:
        role = acting_role(caller, (SECRETARIAT,), crisis_id=crisis_id)
    else:
        role = acting_role(caller, DESKS, place=f"TUR0{org.seat_plate}", crisis_id=crisis_id)
    org.must_need_a_desk()
    return role


def writes_for(caller: Caller, row: Allocation) -> bool:
    """Whether the caller is whoever wrote the row down, and the pledger's answer is due."""
    is_writer = row.behalf is not None and row.behalf.by_org_id == caller.organisation_id
    return is_writer and row.awaiting is Side.PLEDGER


async def writing_roles(
    tx: Transaction, asked: Sequence[tuple[Caller, Allocation]], now: datetime
) -> list[str | None]:
    """For each, the role in which the caller answers for the pledger of a row it wrote down; None for all
    others, and without any statement where there are only others."""
    orgs = {row.pledger_org_id for caller, row in asked if writes_for(caller, row)}
    known = await organisations.represented(tx, sorted(orgs), now) if orgs else {}
    return [_role(caller, row, known) if writes_for(caller, row) else None for caller, row in asked]


def _role(caller: Caller, row: Allocation, known: Mapping[UUID, Represented]) -> str | None:
    try:
        return writing_role(caller, known.get(row.pledger_org_id), row.pledger_org_id, row.crisis_id)
    except (NotFound, RoleMissing, OrganisationMayNotAct, OrganisationHasAccess):
        return None
