"""RegisterOrganisation: the secretariat enters an organisation; it starts as candidate."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from imece_chassis import outbox
from imece_chassis.database import Transaction
from registry import events
from registry.domain import organisations as rules
from registry.domain.acts import Act, must_be_secretariat
from registry.domain.organisations import MAX_DEPTH, Organisation, Particulars
from registry.domain.refusals import ParentNotPossible
from registry.store import audit, organisations


@dataclass(frozen=True, slots=True)
class RegisterOrganisation:
    particulars: Particulars
    parent_id: UUID | None = None


async def register_organisation(tx: Transaction, act: Act, command: RegisterOrganisation) -> Organisation:
    """Raises RoleRequired and the refusals of names, kinds, places and parents."""
    must_be_secretariat(act.actor)
    parent = None
    if command.parent_id is not None:
        parent = await organisations.lock(tx, command.parent_id)
        if parent is None:
            raise ParentNotPossible(kind=command.particulars.kind[:40], limit=str(MAX_DEPTH))
    organisation = rules.register(act, command.particulars, parent)
    await organisations.add(tx, organisation)
    await audit.append(
        tx, act, "organisation.register", organisation.organisation_id, organisation.organisation_id
    )
    await outbox.append(tx, events.organisation_registered(organisation, act))
    return organisation
