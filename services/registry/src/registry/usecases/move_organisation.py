"""ActivateOrganisation, SuspendOrganisation, ReinstateOrganisation: by the secretariat, on a basis."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from imece_chassis import outbox
from imece_chassis.database import Transaction
from imece_contracts.envelope import Envelope
from registry import events
from registry.domain import organisations as rules
from registry.domain.acts import Act, must_be_secretariat
from registry.domain.organisations import Organisation
from registry.store import audit, organisations
from registry.usecases.finding import Precondition, locked_organisation

Move = Literal["activate", "suspend", "reinstate"]

_MOVES: dict[
    Move, tuple[Callable[[Organisation, Act, str], Organisation], Callable[[Organisation, Act], Envelope]]
] = {
    "activate": (rules.activate, events.organisation_changed),
    "suspend": (rules.suspend, events.organisation_suspended),
    "reinstate": (rules.reinstate, events.organisation_reinstated),
}


@dataclass(frozen=True, slots=True)
class MoveOrganisation:
    organisation_id: UUID
    move: Move
    basis: str


async def move_organisation(
    tx: Transaction, act: Act, command: MoveOrganisation, precondition: Precondition
) -> Organisation:
    """Raises NotFound, RoleRequired, WrongState, text refusals and the precondition's refusal."""
    decide, describe = _MOVES[command.move]
    organisation = await locked_organisation(tx, act.actor, command.organisation_id)
    must_be_secretariat(act.actor)
    precondition(organisation.version)
    moved = decide(organisation, act, command.basis)
    await organisations.save(tx, moved)
    await audit.append(
        tx,
        act,
        f"organisation.{command.move}",
        moved.organisation_id,
        moved.organisation_id,
        basis=moved.state_basis or "",
    )
    await outbox.append(tx, describe(moved, act))
    return moved
