"""API keys as records: never the key itself, only its keyed digest and what helps to recognise it.

A key lives in one of two slots of its integration, so no third live key exists. It lapses at 00:00 of the
day after `expires_on` in Türkiye, and gives its slot back when it is revoked or found lapsed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone
from uuid import UUID

from .acts import Act
from .integrations import Integration
from .refusals import ExpiryOutOfRange, KeyNotLive, ScopeNotAllowed, TooManyLiveKeys
from .roles import SCOPES, Mode, possible_scopes

MAX_LIVE_KEYS = 2
MAX_LIFE_DAYS = 365
SLOTS = (1, 2)
TURKIYE = timezone(timedelta(hours=3))


@dataclass(frozen=True, slots=True)
class Secret:
    """What is kept of a new key: recognisable parts and the HMAC under pepper number `pepper`."""

    prefix: str
    last4: str
    digest: bytes
    pepper: int


@dataclass(frozen=True, slots=True)
class Key:
    """One key of an integration; `slot` is None once it is revoked or lapsed."""

    key_id: UUID
    version: int
    integration_id: UUID
    organisation_id: UUID
    mode: Mode
    secret: Secret
    scopes: tuple[str, ...]
    expires_on: date
    created_at: datetime
    slot: int | None
    revoked_at: datetime | None = None

    @property
    def lapses_at(self) -> datetime:
        return datetime.combine(self.expires_on + timedelta(days=1), time(), TURKIYE)

    def is_live(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.lapses_at


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for; None means everything possible, and the longest life."""

    mode: Mode = "test"
    scopes: Sequence[str] | None = None
    expires_on: date | None = None


def issue(
    act: Act,
    integration: Integration,
    wish: Wish,
    secret: Secret,
    roles: Collection[str],
    taken: Collection[int],
) -> Key:
    """A new key in a free slot. Raises TooManyLiveKeys, ScopeNotAllowed, ExpiryOutOfRange."""
    free = [slot for slot in SLOTS if slot not in taken]
    if not free:
        raise TooManyLiveKeys(limit=str(MAX_LIVE_KEYS))
    return Key(
        key_id=act.new_id(),
        version=1,
        integration_id=integration.integration_id,
        organisation_id=integration.organisation_id,
        mode=wish.mode,
        secret=secret,
        scopes=_scopes(wish, roles),
        expires_on=_expiry(wish, act.now),
        created_at=act.now,
        slot=free[0],
    )


def revoke(key: Key, act: Act) -> Key:
    """The revoked key; an already revoked one stays as it is."""
    if key.revoked_at is not None:
        return key
    return replace(key, version=key.version + 1, revoked_at=act.now, slot=None)


def successor(key: Key, act: Act) -> Wish:
    """What the key that replaces this one carries. Raises KeyNotLive."""
    if not key.is_live(act.now):
        raise KeyNotLive
    return Wish(mode=key.mode, scopes=key.scopes)


def _scopes(wish: Wish, roles: Collection[str]) -> tuple[str, ...]:
    possible = possible_scopes(wish.mode, roles)
    if wish.scopes is None:
        return possible
    for scope in wish.scopes:
        if scope not in possible:
            raise ScopeNotAllowed(scope=scope[:40], mode=wish.mode, possible=", ".join(possible))
    return tuple(scope for scope in SCOPES if scope in wish.scopes)


def _expiry(wish: Wish, now: datetime) -> date:
    today = now.astimezone(TURKIYE).date()
    last = today + timedelta(days=MAX_LIFE_DAYS)
    chosen = wish.expires_on or last
    if not today <= chosen <= last:
        raise ExpiryOutOfRange(first=today.isoformat(), last=last.isoformat())
    return chosen
