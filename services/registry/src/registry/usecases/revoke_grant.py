"""RevokeGrant: a right is taken back. Repeating it changes nothing."""

from __future__ import annotations

from uuid import UUID

from imece_chassis import outbox
from imece_chassis.database import Transaction
from registry import events
from registry.domain import grants as rules
from registry.domain.acts import Act
from registry.domain.grants import Grant
from registry.domain.refusals import NotFound
from registry.store import audit, grants
from registry.usecases.finding import Precondition


async def revoke_grant(tx: Transaction, act: Act, grant_id: UUID, precondition: Precondition) -> Grant:
    """Raises NotFound, RoleRequired, RoleNotDelegable and the precondition's refusal."""
    found = await grants.lock(tx, grant_id)
    if found is None:
        raise NotFound
    revoked = rules.revoke(found, act)
    precondition(found.version)
    if revoked.version == found.version:
        return found
    await grants.save_revoked(tx, revoked)
    await audit.append(tx, act, "grant.revoke", revoked.holder_id, revoked.grant_id, role=revoked.role)
    await outbox.append(tx, events.role_revoked(revoked, act))
    return revoked
