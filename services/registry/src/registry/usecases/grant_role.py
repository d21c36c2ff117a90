"""GrantRole: one more right for an integration. The secretariat gives any role, an administrator some."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from imece_chassis import outbox
from imece_chassis.database import Transaction
from registry import events
from registry.domain import grants as rules
from registry.domain.acts import Act
from registry.domain.grants import Grant, Wish
from registry.store import audit, grants
from registry.usecases.finding import locked_integration


@dataclass(frozen=True, slots=True)
class GrantRole:
    integration_id: UUID
    wish: Wish


async def grant_role(tx: Transaction, act: Act, command: GrantRole) -> Grant:
    """Raises NotFound, RoleRequired, RoleNotDelegable, AreaRequired, EndRequired, …"""
    integration = await locked_integration(tx, act.actor, command.integration_id)
    granted = rules.grant(act, integration, command.wish)
    await grants.add(tx, granted)
    await audit.append(tx, act, "grant.give", granted.holder_id, granted.grant_id, role=granted.role)
    await outbox.append(tx, events.role_granted(granted, act))
    return granted
