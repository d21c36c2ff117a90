"""CreateIntegration: a program that acts for an organisation, born with its grants; it has no key yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from imece_chassis import outbox
from imece_chassis.database import Transaction
from registry import events
from registry.domain import grants as grant_rules
from registry.domain import integrations as rules
from registry.domain.acts import Act
from registry.domain.grants import Grant, Wish
from registry.domain.integrations import Integration
from registry.store import audit, grants, integrations
from registry.usecases.finding import locked_organisation


@dataclass(frozen=True, slots=True)
class CreateIntegration:
    organisation_id: UUID
    name: str
    roles: Sequence[str]
    province_plates: Sequence[str] = ()


async def create_integration(
    tx: Transaction, act: Act, command: CreateIntegration
) -> tuple[Integration, list[Grant]]:
    """Raises NotFound, RoleRequired, RoleNotDelegable, AreaRequired, EndRequired, KindHoldsNoKeys,
    WrongState.
    """
    organisation = await locked_organisation(tx, act.actor, command.organisation_id)
    integration = rules.create(act, organisation, command.name)
    granted = [
        grant_rules.grant(act, integration, Wish(role=role, province_plates=command.province_plates))
        for role in dict.fromkeys(command.roles)
    ]
    await integrations.add(tx, integration)
    for grant in granted:
        await grants.add(tx, grant)
    await audit.append(
        tx,
        act,
        "integration.create",
        integration.organisation_id,
        integration.integration_id,
        roles=",".join(grant.role for grant in granted),
    )
    if granted:
        await outbox.append(tx, *(events.role_granted(grant, act) for grant in granted))
    return integration, granted
