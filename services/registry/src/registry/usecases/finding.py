"""Finds what a command is about; unknown and foreign look the same to the actor."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from imece_chassis.database import Transaction
from registry.domain.acts import Actor, must_manage
from registry.domain.integrations import Integration
from registry.domain.organisations import Organisation, is_visible
from registry.domain.refusals import NotFound
from registry.store import integrations, organisations

Precondition = Callable[[int], None]
"""Called with the locked record's version; raises when the caller saw another one."""


def any_version(version: int) -> None:
    """No precondition."""


async def locked_organisation(tx: Transaction, actor: Actor, organisation_id: UUID) -> Organisation:
    """Raises NotFound for what the actor may not see."""
    organisation = await organisations.lock(tx, organisation_id)
    if organisation is None or not is_visible(organisation, actor):
        raise NotFound
    return organisation


async def seen_organisation(tx: Transaction, actor: Actor, organisation_id: UUID) -> Organisation:
    """Raises NotFound for what the actor may not see."""
    organisation = await organisations.find(tx, organisation_id)
    if organisation is None or not is_visible(organisation, actor):
        raise NotFound
    return organisation


async def locked_integration(tx: Transaction, actor: Actor, integration_id: UUID) -> Integration:
    """Raises NotFound for foreign ones, RoleRequired for the own without the role."""
    integration = await integrations.lock(tx, integration_id)
    if integration is None:
        raise NotFound
    must_manage(actor, integration.organisation_id)
    return integration


async def seen_integration(tx: Transaction, actor: Actor, integration_id: UUID) -> Integration:
    """Raises NotFound for foreign ones, RoleRequired for the own without the role."""
    integration = await integrations.find(tx, integration_id)
    if integration is None:
        raise NotFound
    must_manage(actor, integration.organisation_id)
    return integration
