"""A grant: role × organisation × provinces × crisis for one integration, from–to; empty means all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from imece_reference.places import province

from .acts import Act, must_manage
from .integrations import Integration
from .refusals import AreaRequired, EndRequired, GrantPeriodRefused, RoleNotDelegable
from .roles import role_of


@dataclass(frozen=True, slots=True)
class Grant:
    """`organisation_id` None: everybody's things. `holder_id`: the integration's organisation."""

    grant_id: UUID
    version: int
    integration_id: UUID
    holder_id: UUID
    role: str
    organisation_id: UUID | None
    province_plates: tuple[str, ...]
    crisis_id: UUID | None
    valid_from: datetime
    valid_to: datetime | None
    granted_at: datetime
    granted_by: UUID
    revoked_at: datetime | None = None

    def is_current(self, now: datetime) -> bool:
        started = self.revoked_at is None and self.valid_from <= now
        return started and (self.valid_to is None or now < self.valid_to)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. Times are UTC; `valid_from` None means now."""

    role: str
    province_plates: Sequence[str] = ()
    crisis_id: UUID | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None


def grant(act: Act, integration: Integration, wish: Wish) -> Grant:
    """Raises NotFound, RoleRequired, RoleNotDelegable, AreaRequired, EndRequired, GrantPeriodRefused."""
    must_manage(act.actor, integration.organisation_id)
    role = role_of(wish.role)
    if role.is_office and not act.actor.is_secretariat:
        raise RoleNotDelegable(role=role.code)
    plates = tuple(sorted({province(plate).plate for plate in wish.province_plates}))
    if role.is_area_bound and not plates:
        raise AreaRequired(role=role.code)
    if role.is_shift and wish.valid_to is None:
        raise EndRequired(role=role.code)
    valid_from, valid_to = _period(act, wish)
    return Grant(
        grant_id=act.new_id(),
        version=1,
        integration_id=integration.integration_id,
        holder_id=integration.organisation_id,
        role=role.code,
        organisation_id=None if role.is_office else integration.organisation_id,
        province_plates=plates,
        crisis_id=wish.crisis_id,
        valid_from=valid_from,
        valid_to=valid_to,
        granted_at=act.now,
        granted_by=act.actor.organisation_id,
    )


def revoke(found: Grant, act: Act) -> Grant:
    """The revoked grant; an already revoked one stays as it is."""
    must_manage(act.actor, found.holder_id)
    if role_of(found.role).is_office and not act.actor.is_secretariat:
        raise RoleNotDelegable(role=found.role)
    if found.revoked_at is not None:
        return found
    return replace(found, version=found.version + 1, revoked_at=act.now)


def _period(act: Act, wish: Wish) -> tuple[datetime, datetime | None]:
    begins = wish.valid_from or act.now
    limit = None if act.actor.is_secretariat else act.actor.admin_until
    ends = wish.valid_to or limit
    if ends is not None and (ends <= begins or (limit is not None and ends > limit)):
        raise GrantPeriodRefused
    return begins, ends
