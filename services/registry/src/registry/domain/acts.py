"""Who acts, when: the circumstances of one command. An actor is a role of an organisation, never a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from .refusals import NotFound, RoleRequired

SECRETARIAT = "secretariat"
ORG_ADMIN = "org_admin"


@dataclass(frozen=True, slots=True)
class Actor:
    """`is_admin`: administers its own organisation, until `admin_until` when that right ends by itself."""

    organisation_id: UUID
    key_id: UUID | None = None
    is_secretariat: bool = False
    is_admin: bool = False
    admin_until: datetime | None = None

    @property
    def role(self) -> str | None:
        """The role that carries the act, for the event's envelope."""
        if self.is_secretariat:
            return SECRETARIAT
        return ORG_ADMIN if self.is_admin else None


@dataclass(frozen=True, slots=True)
class Act:
    """One command being carried out: the actor, the moment (UTC), the source of ids, the command's own id."""

    actor: Actor
    now: datetime
    new_id: Callable[[], UUID]
    command_id: UUID | None = None


def must_be_secretariat(actor: Actor) -> None:
    """Raises RoleRequired."""
    if not actor.is_secretariat:
        raise RoleRequired(roles=SECRETARIAT)


def must_manage(actor: Actor, organisation_id: UUID) -> None:
    """The secretariat manages everybody, an administrator the own organisation.

    Raises NotFound for another organisation's things, RoleRequired for the own ones without the role.
    """
    if actor.is_secretariat:
        return
    if actor.organisation_id != organisation_id:
        raise NotFound
    if not actor.is_admin:
        raise RoleRequired(roles=f"{SECRETARIAT}, {ORG_ADMIN}")
