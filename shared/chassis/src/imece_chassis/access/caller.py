"""Who is calling and what they may do: an API key of one organisation's integration, its scopes and grants.

Default deny: a grant limited to an area or crisis never matches a question that does not name one.
"""

from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Protocol
from uuid import UUID

ACTIVE_STATES = frozenset({"active"})
# Roles held for a shift: a grant of one that names no end counts nowhere.
SHIFT_ROLES = frozenset({"duty_officer"})
# Dates of the owner are days in Türkiye, which has kept one offset since 2016.
_LOCAL_TIME = timezone(timedelta(hours=3))


def expiry(expires_on: date) -> datetime:
    """The moment a key with this last day stops working: the local midnight after it."""
    return datetime.combine(expires_on + timedelta(days=1), time.min, _LOCAL_TIME)


def is_write_scope(scope: str) -> bool:
    """Whatever does not merely read can change something."""
    return not scope.endswith(":read")


@dataclass(frozen=True, slots=True)
class Grant:
    """Role × organisation × provinces × crisis, from–until; an empty dimension means all."""

    role: str
    organisation_id: UUID | None = None
    provinces: frozenset[str] = frozenset()
    crisis_id: UUID | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    grant_id: UUID | None = None

    def covers(self, organisation_id: UUID, province: str | None, crisis_id: UUID | None) -> bool:
        """True when every limited dimension contains what is asked."""
        return (
            (self.organisation_id is None or self.organisation_id == organisation_id)
            and (not self.provinces or province in self.provinces)
            and (self.crisis_id is None or self.crisis_id == crisis_id)
        )

    @property
    def is_limited_in_time(self) -> bool:
        """Whether asking later may give another answer."""
        return self.valid_from is not None or self.valid_until is not None

    @property
    def is_endless_shift(self) -> bool:
        """Whether a role of a shift is held without an end."""
        return self.role in SHIFT_ROLES and self.valid_until is None

    def is_current(self, now: datetime) -> bool:
        """True from `valid_from` until just before `valid_until`."""
        return (self.valid_from is None or self.valid_from <= now) and (
            self.valid_until is None or now < self.valid_until
        )


@dataclass(frozen=True, slots=True)
class Caller:
    """The holder of one API key. `scopes` are the key's own, whatever the organisation's state."""

    key_id: UUID
    integration_id: UUID
    organisation_id: UUID
    scopes: frozenset[str]
    grants: tuple[Grant, ...] = ()
    organisation_state: str = "active"
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    is_test: bool = False
    asked_at: datetime | None = field(default=None, compare=False)

    @property
    def is_organisation_active(self) -> bool:
        """Only an active organisation may change anything."""
        return self.organisation_state in ACTIVE_STATES

    def has_scope(self, scope: str) -> bool:
        """The key carries the scope and the organisation's state allows it."""
        return scope in self.scopes and (self.is_organisation_active or not is_write_scope(scope))

    def may(
        self,
        role: str,
        province: str | None = None,
        crisis_id: UUID | None = None,
        organisation_id: UUID | None = None,
    ) -> bool:
        """True when a current grant of `role` covers the resource; without `organisation_id`, one's own.

        `province` is a plate ("31"). A grant limited to provinces or a crisis needs them to be named.
        """
        return self.grant_of(role, province, crisis_id, organisation_id) is not None

    def grant_of(
        self,
        role: str,
        province: str | None = None,
        crisis_id: UUID | None = None,
        organisation_id: UUID | None = None,
    ) -> Grant | None:
        """The first grant that makes `may` true."""
        owner = self.organisation_id if organisation_id is None else organisation_id
        current = self.grants_of((role,))
        return next((grant for grant in current if grant.covers(owner, province, crisis_id)), None)

    def grants_of(self, roles: tuple[str, ...]) -> list[Grant]:
        """The current grants of these roles, whatever their limits."""
        return [
            grant
            for grant in self.grants
            if grant.role in roles
            and not grant.is_endless_shift
            and (self.asked_at is None or grant.is_current(self.asked_at))
        ]

    def has_role(self, role: str) -> bool:
        """True when the role is held somewhere, whatever its limits; enough to show, not to act."""
        return bool(self.grants_of((role,)))


class CredentialSource(Protocol):
    """Where a key's digest is looked up: the mirror in memory, or the owner's own tables."""

    @property
    def age_seconds(self) -> float:
        """How old the knowledge may be; 0 for the owner itself, infinite before the first load."""
        ...

    def lookup(self, digest: bytes) -> Caller | Awaitable[Caller | None] | None:
        """The holder of the key with this digest, revoked and expired ones included."""
        ...
