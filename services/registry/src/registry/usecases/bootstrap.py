"""Bootstrap: the first secretariat of an installation, its integration and a key. Repeating changes nothing.

A key is made when none is live, or when a new one is asked for; then the oldest gives way if both places are
taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from imece_chassis import outbox
from imece_chassis.database import Transaction
from registry import events
from registry.domain import grants as grant_rules
from registry.domain import integrations as integration_rules
from registry.domain import organisations as organisation_rules
from registry.domain.acts import SECRETARIAT, Act, Actor
from registry.domain.grants import Wish
from registry.domain.integrations import Integration
from registry.domain.keys import MAX_LIVE_KEYS, Key
from registry.domain.keys import Wish as KeyWish
from registry.domain.organisations import Particulars
from registry.domain.roles import Mode
from registry.store import audit, grants, integrations, keys, organisations, secretariat
from registry.store.secretariat import Secretariat
from registry.usecases.create_key import issue
from registry.usecases.minting import Mint
from registry.usecases.revoke_key import retire

BASIS = "Bootstrap of this installation"
INTEGRATION_NAME = "Secretariat console"


@dataclass(frozen=True, slots=True)
class Bootstrap:
    particulars: Particulars
    mode: Mode = "test"
    is_new_key_wanted: bool = False


@dataclass(frozen=True, slots=True)
class Bootstrapped:
    """`key` is None when a live key exists and no new one was asked for."""

    organisation_id: UUID
    integration_id: UUID
    is_new: bool
    key_id: UUID | None
    key: str | None


async def bootstrap(
    tx: Transaction, command: Bootstrap, mint: Mint, now: datetime, new_id: Callable[[], UUID]
) -> Bootstrapped:
    """Idempotent; bootstraps of one database wait for each other."""
    known = await secretariat.lock(tx)
    act = Act(Actor(known.organisation_id if known else new_id(), is_secretariat=True), now, new_id)
    place = known or await _found(tx, act, command.particulars)
    act = Act(Actor(place.organisation_id, is_secretariat=True), now, new_id)
    integration = await integrations.lock(tx, place.integration_id)
    if integration is None:
        raise RuntimeError("the secretariat's integration is missing")
    key, plain = await _key(tx, act, integration, command, mint)
    return Bootstrapped(
        place.organisation_id, place.integration_id, known is None, key.key_id if key else None, plain
    )


async def _found(tx: Transaction, act: Act, particulars: Particulars) -> Secretariat:
    candidate = organisation_rules.register(act, particulars, parent=None)
    act = Act(Actor(candidate.organisation_id, is_secretariat=True), act.now, act.new_id)
    active = organisation_rules.activate(candidate, act, BASIS)
    integration = integration_rules.create(act, active, INTEGRATION_NAME)
    granted = grant_rules.grant(act, integration, Wish(role=SECRETARIAT))
    place = Secretariat(active.organisation_id, integration.integration_id)
    await organisations.add(tx, candidate)
    await organisations.save(tx, active)
    await integrations.add(tx, integration)
    await grants.add(tx, granted)
    await secretariat.add(tx, place)
    await audit.append(tx, act, "secretariat.bootstrap", place.organisation_id, place.integration_id)
    await outbox.append(
        tx,
        events.organisation_registered(candidate, act),
        events.organisation_changed(active, act),
        events.role_granted(granted, act),
    )
    return place


async def _key(
    tx: Transaction, act: Act, integration: Integration, command: Bootstrap, mint: Mint
) -> tuple[Key | None, str | None]:
    live = [key for key in await keys.of_integration(tx, integration.integration_id) if key.is_live(act.now)]
    if live and not command.is_new_key_wanted:
        return None, None
    if len(live) >= MAX_LIVE_KEYS:
        oldest = await keys.lock(tx, live[0].key_id)
        if oldest is not None:
            await retire(tx, act, oldest)
    return await issue(tx, act, integration, KeyWish(mode=command.mode), mint)
