"""ReviseOrganisation: the secretariat corrects particulars. What changes nothing leaves no trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from imece_chassis import outbox
from imece_chassis.database import Transaction
from registry import events
from registry.domain import organisations as rules
from registry.domain.acts import Act, must_be_secretariat
from registry.domain.organisations import Organisation, Particulars
from registry.store import audit, organisations
from registry.usecases.finding import Precondition, locked_organisation

PATHS = ("legal_name", "short_name", "seat_plate", "province_plates", "languages")


@dataclass(frozen=True, slots=True)
class ReviseOrganisation:
    """`change` turns the particulars in force into the wanted ones."""

    organisation_id: UUID
    change: Callable[[Particulars], Particulars]


async def revise_organisation(
    tx: Transaction, act: Act, command: ReviseOrganisation, precondition: Precondition
) -> Organisation:
    """Raises NotFound, RoleRequired, WrongState, the precondition's refusal and those of names and places."""
    organisation = await locked_organisation(tx, act.actor, command.organisation_id)
    must_be_secretariat(act.actor)
    precondition(organisation.version)
    revised = rules.revise(organisation, act, command.change(_particulars(organisation)))
    if revised.version == organisation.version:
        return organisation
    changed = [path for path in PATHS if getattr(revised, path) != getattr(organisation, path)]
    await organisations.save(tx, revised)
    await audit.append(
        tx,
        act,
        "organisation.revise",
        revised.organisation_id,
        revised.organisation_id,
        paths=",".join(changed),
    )
    await outbox.append(tx, events.organisation_changed(revised, act))
    return revised


def _particulars(organisation: Organisation) -> Particulars:
    return Particulars(
        kind=organisation.kind,
        legal_name=organisation.legal_name,
        seat_plate=organisation.seat_plate,
        short_name=organisation.short_name,
        province_plates=organisation.province_plates,
        languages=organisation.languages,
    )
