"""What a desk writes down for an organisation without access: marked wherever it is shown, open to objection.

Nobody is both sides by it: whoever wrote a promise down neither asks for the goods nor accepts it. Until the
organisation has a key of its own, whoever wrote answers for it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from .refusals import (
    NotOnBehalf,
    ObjectionTooLate,
    OfferNotOnBehalf,
    OfferWrittenByAnother,
    OrganisationHasAccess,
    OrganisationMayNotAct,
    SameParty,
)

ACTIVE = "active"
OBJECT_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Behalf:
    """A desk of `by_org_id` acted; the organisation it acted for may object until just before
    `object_until`."""

    by_org_id: UUID
    object_until: datetime


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a live key may promise: the plates of provinces, none for all; the crisis, None for all."""

    plates: frozenset[str] = frozenset()
    crisis_id: UUID | None = None

    def covers(self, plate: str, crisis_id: UUID) -> bool:
        """Whether a need in this province and crisis is within it."""
        return (not self.plates or plate in self.plates) and self.crisis_id in (None, crisis_id)


@dataclass(frozen=True, slots=True)
class Represented:
    """An organisation as the registry describes it: its state, the plate of its seat, and where live keys of
    its own may promise."""

    org_id: UUID
    state: str
    seat_plate: str | None
    access: tuple[Reach, ...] = ()

    def must_need_a_desk(self, plate: str, crisis_id: UUID) -> None:
        """Raise OrganisationMayNotAct; OrganisationHasAccess where it speaks for itself about needs there."""
        if self.state != ACTIVE:
            raise OrganisationMayNotAct(state=self.state)
        if self._speaks_for_itself(plate, crisis_id):
            raise OrganisationHasAccess(organisation_id=str(self.org_id))

    def needs_a_desk(self, plate: str, crisis_id: UUID) -> bool:
        """Whether it may act and cannot speak for itself about needs there."""
        return self.state == ACTIVE and not self._speaks_for_itself(plate, crisis_id)

    def _speaks_for_itself(self, plate: str, crisis_id: UUID) -> bool:
        return any(reach.covers(plate, crisis_id) for reach in self.access)


def must_be_objectable(behalf: Behalf | None, now: datetime, of_rows: datetime | None = None) -> Behalf:
    """The mark objected to. `of_rows` is the latest `object_until` of the offer's rows: a promise from an
    older offer, and a call on it, have a day of their own. Raises NotOnBehalf, ObjectionTooLate."""
    if behalf is None:
        raise NotOnBehalf
    until = max(behalf.object_until, of_rows or behalf.object_until)
    if now >= until:
        raise ObjectionTooLate(until=until.isoformat())
    return behalf


def written_for(org_id: UUID, by_org_id: UUID, asker_org_id: UUID, now: datetime) -> Behalf:
    """The mark of a promise written down for an organisation. Raises SameParty."""
    if by_org_id == org_id:
        raise SameParty(side="pledger", action="act on behalf")
    if by_org_id == asker_org_id:
        raise SameParty(side="asker", action="act on behalf")
    return Behalf(by_org_id, now + OBJECT_WITHIN)


def must_be_written_by(org_id: UUID, behalf: Behalf | None, offer_id: UUID) -> None:
    """Whether a desk of `org_id` may promise the goods of an offer without asking anybody. Raises
    OfferNotOnBehalf for an organisation's own offer, OfferWrittenByAnother for one of another desk."""
    if behalf is None:
        raise OfferNotOnBehalf(offer_id=str(offer_id))
    if behalf.by_org_id != org_id:
        raise OfferWrittenByAnother(offer_id=str(offer_id), by_org_id=str(behalf.by_org_id))


def called_of(behalf: Behalf, due_at: datetime) -> Behalf:
    """The mark of a call on goods written down, to be answered until `due_at`: however late whoever wrote
    them answers, the organisation has a day to object."""
    return replace(behalf, object_until=due_at + OBJECT_WITHIN)
