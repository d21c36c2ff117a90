"""Who writes for an organisation without access: the desk of its seat, or the secretariat.

Whoever wrote answers for it too, keeps it longer and takes it back, until it has a key of its own. Asked for
rows that carry the mark only, so the commands of pledgers themselves cost nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from crisis.domain.allocations import Allocation, Side
from crisis.domain.behalf import Represented
from crisis.domain.lines import Line
from crisis.domain.refusals import NotFound, OrganisationHasAccess, OrganisationMayNotAct, RoleMissing
from crisis.store import organisations
from crisis.usecases.authority import DESKS, SECRETARIAT, acting_role
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


def writing_role(caller: Caller, org: Represented | None, org_id: UUID, line: Line) -> str:
    """The desk role in which the caller writes for the organisation about the line. Raises NotFound,
    RoleMissing, OrganisationMayNotAct, OrganisationHasAccess."""
    if org is None:
        raise NotFound(kind="organisation", id=str(org_id))
    if org.seat_plate is None:
        role = acting_role(caller, (SECRETARIAT,), crisis_id=line.crisis_id)
    else:
        role = acting_role(caller, DESKS, place=f"TUR0{org.seat_plate}", crisis_id=line.crisis_id)
    org.must_need_a_desk(line.plate, line.crisis_id)
    return role


def is_writer(caller: Caller, row: Allocation) -> bool:
    """Whether the caller is whoever wrote the row down."""
    return row.behalf is not None and row.behalf.by_org_id == caller.organisation_id


def writes_for(caller: Caller, row: Allocation) -> bool:
    """Whether the caller is whoever wrote the row down, and the pledger's answer is due."""
    return is_writer(caller, row) and row.awaiting is Side.PLEDGER


Speaking = Sequence[tuple[Caller, Allocation, Line]]


async def speaking_role(
    tx: Transaction, caller: Caller, row: Allocation, line: Line, now: datetime
) -> str | None:
    """What `speaking_roles` says about one row."""
    return (await speaking_roles(tx, [(caller, row, line)], now))[0]


async def answering_organisation(tx: Transaction, row: Allocation, line: Line, at: datetime) -> UUID:
    """Who answers for the pledger's side of a row: the pledger, or while that one has no access whoever wrote
    the row down for it. Without any statement for rows that carry no mark."""
    if row.behalf is None:
        return row.pledger_org_id
    known = await organisations.represented(tx, [row.pledger_org_id], at)
    org = known.get(row.pledger_org_id)
    needs_a_desk = org is not None and org.needs_a_desk(line.plate, line.crisis_id)
    return row.behalf.by_org_id if needs_a_desk else row.pledger_org_id


async def speaking_roles(tx: Transaction, asked: Speaking, now: datetime) -> list[str | None]:
    """For each, the role in which the caller acts as the pledger of a row it wrote down, while that one has
    no access; None for all others, and without any statement where there are only others."""
    return await _roles(tx, asked, now, is_writer)


async def writing_roles(tx: Transaction, asked: Speaking, now: datetime) -> list[str | None]:
    """The same, while the pledger's answer is due."""
    return await _roles(tx, asked, now, writes_for)


async def _roles(
    tx: Transaction, asked: Speaking, now: datetime, may: Callable[[Caller, Allocation], bool]
) -> list[str | None]:
    orgs = {row.pledger_org_id for caller, row, _ in asked if may(caller, row)}
    known = await organisations.represented(tx, sorted(orgs), now) if orgs else {}
    return [_role(caller, row, line, known) if may(caller, row) else None for caller, row, line in asked]


def _role(caller: Caller, row: Allocation, line: Line, known: Mapping[UUID, Represented]) -> str | None:
    try:
        return writing_role(caller, known.get(row.pledger_org_id), row.pledger_org_id, line)
    except (NotFound, RoleMissing, OrganisationMayNotAct, OrganisationHasAccess):
        return None
