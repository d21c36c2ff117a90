"""RotateKey: a successor with the same mode and scopes. The old key lives until revoked, unless told."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from imece_chassis.database import Transaction
from registry.domain import keys as rules
from registry.domain.acts import Act
from registry.domain.keys import Key
from registry.domain.organisations import must_hold_keys
from registry.domain.refusals import NotFound
from registry.store import keys
from registry.usecases.create_key import issue
from registry.usecases.finding import locked_integration, seen_organisation
from registry.usecases.minting import Mint
from registry.usecases.revoke_key import retire


@dataclass(frozen=True, slots=True)
class RotateKey:
    """`retire_now`: the old key dies in the same transaction, which also frees its place."""

    integration_id: UUID
    key_id: UUID
    retire_now: bool = False


async def rotate_key(tx: Transaction, act: Act, command: RotateKey, mint: Mint) -> tuple[Key, str]:
    """The successor and the key itself. Raises NotFound, RoleRequired, KeyNotLive, TooManyLiveKeys, …"""
    integration = await locked_integration(tx, act.actor, command.integration_id)
    must_hold_keys(await seen_organisation(tx, act.actor, integration.organisation_id))
    old = await keys.lock(tx, command.key_id)
    if old is None or old.integration_id != integration.integration_id:
        raise NotFound
    wish = rules.successor(old, act)
    if command.retire_now:
        await retire(tx, act, old)
    return await issue(tx, act, integration, wish, mint)
