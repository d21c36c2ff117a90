"""CreateKey: a key for an integration, shown once. Two live keys at most, also under concurrency."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from imece_chassis import outbox
from imece_chassis.database import Transaction
from registry import events
from registry.domain import keys as rules
from registry.domain.acts import Act
from registry.domain.integrations import Integration
from registry.domain.keys import Key, Wish
from registry.domain.organisations import must_hold_keys
from registry.store import audit, grants, keys
from registry.usecases.finding import locked_integration, seen_organisation
from registry.usecases.minting import Mint


@dataclass(frozen=True, slots=True)
class CreateKey:
    integration_id: UUID
    wish: Wish


async def create_key(tx: Transaction, act: Act, command: CreateKey, mint: Mint) -> tuple[Key, str]:
    """The record and the key itself. Raises NotFound, RoleRequired, TooManyLiveKeys, ScopeNotAllowed, …"""
    integration = await locked_integration(tx, act.actor, command.integration_id)
    must_hold_keys(await seen_organisation(tx, act.actor, integration.organisation_id))
    return await issue(tx, act, integration, command.wish, mint)


async def issue(
    tx: Transaction, act: Act, integration: Integration, wish: Wish, mint: Mint
) -> tuple[Key, str]:
    """The same for a locked integration whose rights were checked."""
    roles = {
        grant.role
        for grant in await grants.of_integration(tx, integration.integration_id)
        if grant.is_current(act.now)
    }
    taken = await keys.taken_slots(tx, integration.integration_id, act.now)
    plain, secret = mint.make(wish.mode)
    key = rules.issue(act, integration, wish, secret, roles, taken)
    await keys.add(tx, key)
    await audit.append(
        tx, act, "key.create", key.organisation_id, key.key_id, mode=key.mode, scopes=" ".join(key.scopes)
    )
    await outbox.append(tx, events.key_created(key, act))
    return key, plain
