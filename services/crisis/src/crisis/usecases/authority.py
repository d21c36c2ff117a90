"""Who may do what: the roles of the caller's grants, by place and crisis.

What somebody may not even see is NotFound, what they may see but not do is RoleMissing. A regional desk is a
desk of several provinces; a duty officer sits at the desk from the beginning of a grant to its end. An
auditor reads what a desk reads and gives no command.
"""

from datetime import datetime
from uuid import UUID

from crisis.domain.allocations import Allocation, Side
from crisis.domain.lines import Line
from crisis.domain.refusals import NotFound, RoleMissing
from imece_chassis.access.caller import Caller

SECRETARIAT = "secretariat"
DESKS = (SECRETARIAT, "provincial_desk", "regional_desk", "duty_officer")
READERS = (*DESKS, "auditor")
VERIFIERS = (*DESKS, "verifier")
ASKERS = ("asker", *VERIFIERS)
DELEGATED = ("asker",)
PLEDGERS = ("pledger",)
SYSTEM = "system"
WHOLE_COUNTRY = "TUR"


def acting_role(
    caller: Caller, roles: tuple[str, ...], *, place: str | None = None, crisis_id: UUID | None = None
) -> str:
    """The first of the roles the caller holds for the place (p-code) and crisis; raises RoleMissing."""
    plate = place[4:6] if place else None
    for role in roles:
        if caller.may(role, province=plate, crisis_id=crisis_id):
            return role
    raise RoleMissing(roles=", ".join(roles), place=place or WHOLE_COUNTRY)


def desk_role(caller: Caller, row: Allocation, line: Line) -> str:
    """The desk role in which the caller answers for the asker's side; raises NotFound, RoleMissing."""
    must_see(caller, row, line)
    return acting_role(caller, DESKS, place=line.district, crisis_id=row.crisis_id)


def pledger_role(caller: Caller, row: Allocation, line: Line) -> str:
    """`pledger` when the row is the caller's own; raises NotFound, RoleMissing."""
    must_see(caller, row, line)
    if caller.organisation_id != row.pledger_org_id:
        raise RoleMissing(roles="pledger", place=line.district)
    return acting_role(caller, PLEDGERS, place=line.district, crisis_id=row.crisis_id)


def answering_role(
    caller: Caller, row: Allocation, line: Line, now: datetime, writer: str | None = None
) -> tuple[Side, str]:
    """The side whose answer the row awaits and the caller's role in it; raises NotFound, RoleMissing.

    For the asker's side a desk answers, or the asker where a desk of another than the pledger lets it; never
    for goods of its own. For the pledger's side also whoever wrote the row down for it, in the role `writer`.
    Whether that side is still awaited is asked again under lock, so a party that is late hears what won.
    """
    is_pledger = caller.organisation_id == row.pledger_org_id
    if writer is not None and row.awaiting is Side.PLEDGER:
        return Side.PLEDGER, writer
    if row.awaiting is Side.PLEDGER or (row.awaiting is None and is_pledger):
        return Side.PLEDGER, pledger_role(caller, row, line)
    is_own = caller.organisation_id == line.asker_org_id and not is_pledger
    is_desk = any(caller.may(role, province=line.plate, crisis_id=row.crisis_id) for role in DESKS)
    if is_own and not is_desk and _is_delegated(row, line, now):
        return Side.ASKER_SIDE, acting_role(caller, DELEGATED, place=line.district, crisis_id=row.crisis_id)
    return Side.ASKER_SIDE, desk_role(caller, row, line)


def must_still_answer(side: Side, role: str, row: Allocation, line: Line, now: datetime) -> None:
    """Raise RoleMissing when what let the asker answer ended while its answer waited for its locks."""
    if side is Side.ASKER_SIDE and role in DELEGATED and not _is_delegated(row, line, now):
        raise RoleMissing(roles=", ".join(DESKS), place=line.district)


def _is_delegated(row: Allocation, line: Line, now: datetime) -> bool:
    """A desk may not let others answer what its own organisation promised, or wrote down for another."""
    writer = row.behalf.by_org_id if row.behalf else None
    return line.is_answered_by_asker(now) and line.delegated_by_org_id not in (row.pledger_org_id, writer)


def either_role(caller: Caller, row: Allocation, line: Line) -> tuple[Side, str]:
    """The caller's side where both may act: the pledger for its own row, else a desk.

    Raises NotFound, RoleMissing.
    """
    if caller.organisation_id == row.pledger_org_id:
        return Side.PLEDGER, pledger_role(caller, row, line)
    return Side.ASKER_SIDE, desk_role(caller, row, line)


def must_see(caller: Caller, row: Allocation, line: Line) -> None:
    """Both parties, the desks of the area and auditors see it; raises NotFound for others."""
    writer = row.behalf.by_org_id if row.behalf else None
    if caller.organisation_id in (row.pledger_org_id, line.asker_org_id, writer):
        return
    if not reads_everything(caller, line.plate, row.crisis_id):
        raise NotFound(kind="allocation", id=str(row.allocation_id))


def reads_everything(caller: Caller, plate: str | None, crisis_id: UUID) -> bool:
    """Whether a desk or an auditor sees there what others promised; without plate, in the whole crisis."""
    return any(caller.may(role, province=plate, crisis_id=crisis_id) for role in READERS)


def plates_of(caller: Caller, roles: tuple[str, ...], crisis_id: UUID | None) -> frozenset[str] | None:
    """Plates of the provinces in which the caller holds one of the roles; None: everywhere.

    A grant limited to a crisis counts only where that crisis is named.
    """
    plates: set[str] = set()
    for grant in caller.grants_of(roles):
        is_for = grant.organisation_id in (None, caller.organisation_id)
        is_there = grant.crisis_id in (None, crisis_id)
        if is_for and is_there:
            if not grant.provinces:
                return None
            plates |= grant.provinces
    return frozenset(plates)
