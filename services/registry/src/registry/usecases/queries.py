"""What may be read: the same rights as for commands, no locks, nothing changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from imece_chassis.database import Transaction
from registry.domain.acts import Actor, must_manage
from registry.domain.grants import Grant
from registry.domain.integrations import Integration
from registry.domain.keys import Key
from registry.domain.organisations import Organisation
from registry.domain.refusals import NotFound
from registry.store import audit, grants, integrations, keys, organisations
from registry.store.audit import BrokenLink
from registry.store.organisations import Filter
from registry.usecases.finding import seen_integration, seen_organisation

__all__ = ["Filter"]


async def page_of_organisations(
    tx: Transaction, actor: Actor, wanted: Filter, after: tuple[str, UUID] | None, limit: int
) -> tuple[Sequence[Organisation], bool]:
    """One page in Turkish alphabetical order, and whether more follow."""
    visible = wanted if actor.is_secretariat else replace(wanted, seen_by=actor.organisation_id)
    found = await organisations.page(tx, visible, after, limit + 1)
    return found[:limit], len(found) > limit


async def organisation(tx: Transaction, actor: Actor, organisation_id: UUID) -> Organisation:
    """Raises NotFound."""
    return await seen_organisation(tx, actor, organisation_id)


async def integrations_of(tx: Transaction, actor: Actor, organisation_id: UUID) -> Sequence[Integration]:
    """Raises NotFound, RoleRequired."""
    must_manage(actor, organisation_id)
    await seen_organisation(tx, actor, organisation_id)
    return await integrations.of_organisation(tx, organisation_id)


async def integration(
    tx: Transaction, actor: Actor, integration_id: UUID
) -> tuple[Integration, Sequence[Grant]]:
    """An integration with its grants. Raises NotFound, RoleRequired."""
    found = await seen_integration(tx, actor, integration_id)
    return found, await grants.of_integration(tx, integration_id)


async def keys_of(tx: Transaction, actor: Actor, integration_id: UUID) -> Sequence[Key]:
    """Raises NotFound, RoleRequired."""
    await seen_integration(tx, actor, integration_id)
    return await keys.of_integration(tx, integration_id)


async def own_key(
    tx: Transaction, key_id: UUID, integration_id: UUID
) -> tuple[Organisation, Integration, Key]:
    """The caller's own organisation, integration and key. Raises NotFound when one vanished."""
    mine = next((key for key in await keys.of_integration(tx, integration_id) if key.key_id == key_id), None)
    found = await integrations.find(tx, integration_id)
    home = await organisations.find(tx, found.organisation_id) if found else None
    if mine is None or found is None or home is None:
        raise NotFound
    return home, found, mine


async def broken_audit_links(tx: Transaction) -> list[BrokenLink]:
    """The first broken link of every audit chain that does not verify."""
    return await audit.verify(tx)
