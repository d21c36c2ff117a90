"""What a desk writes down for an organisation without access: marked wherever it is shown, open to objection.

Nobody is both sides by it: whoever wrote a promise down neither asks for the goods nor accepts it. Until the
organisation has a key of its own, whoever wrote answers for it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from .refusals import (
    NotOnBehalf,
    ObjectionTooLate,
    OrganisationHasAccess,
    OrganisationMayNotAct,
    SameParty,
)

OBJECT_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Behalf:
    """A desk of `by_org_id` acted; the organisation it acted for may object until just before
    `object_until`."""

    by_org_id: UUID
    object_until: datetime


@dataclass(frozen=True, slots=True)
class Represented:
    """An organisation as the registry describes it: its state, the plate of its seat, and whether a live key
    of its own may promise."""

    org_id: UUID
    state: str
    seat_plate: str | None
    has_access: bool

    def must_need_a_desk(self) -> None:
        """Raise OrganisationMayNotAct; OrganisationHasAccess where it speaks for itself."""
        if self.state != "active":
            raise OrganisationMayNotAct(state=self.state)
        if self.has_access:
            raise OrganisationHasAccess(organisation_id=str(self.org_id))


def must_be_objectable(behalf: Behalf | None, now: datetime) -> Behalf:
    """The mark objected to. Raises NotOnBehalf, ObjectionTooLate."""
    if behalf is None:
        raise NotOnBehalf
    if now >= behalf.object_until:
        raise ObjectionTooLate(until=behalf.object_until.isoformat())
    return behalf


def written_for(org_id: UUID, by_org_id: UUID, asker_org_id: UUID, now: datetime) -> Behalf:
    """The mark of a promise written down for an organisation. Raises SameParty."""
    if by_org_id == org_id:
        raise SameParty(side="pledger", action="act on behalf")
    if by_org_id == asker_org_id:
        raise SameParty(side="asker", action="act on behalf")
    return Behalf(by_org_id, now + OBJECT_WITHIN)
