"""RevokeKey: a key dies everywhere within seconds. Repeating it changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from imece_chassis import outbox
from imece_chassis.database import Transaction
from registry import events
from registry.domain import keys as rules
from registry.domain.acts import Act
from registry.domain.keys import Key
from registry.domain.refusals import NotFound
from registry.store import audit, keys
from registry.usecases.finding import Precondition, locked_integration


@dataclass(frozen=True, slots=True)
class RevokeKey:
    integration_id: UUID
    key_id: UUID


async def revoke_key(tx: Transaction, act: Act, command: RevokeKey, precondition: Precondition) -> Key:
    """Raises NotFound, RoleRequired and the precondition's refusal."""
    integration = await locked_integration(tx, act.actor, command.integration_id)
    key = await keys.lock(tx, command.key_id)
    if key is None or key.integration_id != integration.integration_id:
        raise NotFound
    precondition(key.version)
    return await retire(tx, act, key)


async def retire(tx: Transaction, act: Act, key: Key) -> Key:
    """Revoke a locked key whose rights were checked."""
    revoked = rules.revoke(key, act)
    if revoked.version == key.version:
        return key
    await keys.save_revoked(tx, revoked)
    await audit.append(tx, act, "key.revoke", revoked.organisation_id, revoked.key_id)
    await outbox.append(tx, events.key_revoked(revoked, act))
    return revoked
