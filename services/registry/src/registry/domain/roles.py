"""Roles an integration may hold, and scopes a key may carry.

A right of an organisation is bound to that organisation; a right of an office reaches everybody's things, so
only the secretariat gives it. A scope narrows what a key may do; it never adds to the roles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from imece_reference.refusals import UnknownCode

from .acts import ORG_ADMIN, SECRETARIAT

Mode = Literal["test", "live"]

SCOPES = (
    "registry:read",
    "registry:write",
    "crisis:board:read",
    "crisis:need:write",
    "crisis:pledge:write",
    "crisis:delivery:write",
    "notify:webhook",
    "events:read",
)


@dataclass(frozen=True, slots=True)
class Role:
    """`is_office`: reaches beyond the own organisation. `is_area_bound`: given for named provinces only.

    `is_shift`: held for the length of a shift, so a grant says when it ends.
    """

    code: str
    is_office: bool = False
    is_area_bound: bool = False
    is_shift: bool = False


ROLES: Mapping[str, Role] = MappingProxyType(
    {
        role.code: role
        for role in (
            Role(ORG_ADMIN),
            Role("org_editor"),
            Role("org_viewer"),
            Role("field_reporter"),
            Role("asker"),
            Role("pledger"),
            Role("verifier", is_office=True),
            Role("provincial_desk", is_office=True, is_area_bound=True),
            Role("regional_desk", is_office=True, is_area_bound=True),
            Role(SECRETARIAT, is_office=True),
            Role("duty_officer", is_office=True, is_shift=True),
            Role("data_steward", is_office=True),
            Role("publisher", is_office=True),
            Role("auditor", is_office=True),
        )
    }
)


def role_of(code: str) -> Role:
    """Raises UnknownCode."""
    try:
        return ROLES[code]
    except KeyError:
        raise UnknownCode(list="roles", value=code[:40]) from None


def possible_scopes(mode: Mode, roles: Iterable[str]) -> tuple[str, ...]:
    """Scopes a key may carry: registry:write needs the secretariat, or a live key of an administrator."""
    held = set(roles)
    may_write = SECRETARIAT in held or (mode == "live" and ORG_ADMIN in held)
    return tuple(scope for scope in SCOPES if scope != "registry:write" or may_write)
