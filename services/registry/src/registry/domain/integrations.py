"""An integration: a program that acts for one organisation; it holds the grants and at most two live keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from .acts import Act, must_manage
from .organisations import Organisation, must_hold_keys
from .texts import checked_text

NAME_LIMIT = 120


@dataclass(frozen=True, slots=True)
class Integration:
    """`name` says which program it is; never a person's name."""

    integration_id: UUID
    organisation_id: UUID
    name: str
    created_at: datetime


def create(act: Act, organisation: Organisation, name: str) -> Integration:
    """Raises NotFound, RoleRequired, KindHoldsNoKeys, WrongState and the refusals of names."""
    must_manage(act.actor, organisation.organisation_id)
    must_hold_keys(organisation)
    return Integration(
        integration_id=act.new_id(),
        organisation_id=organisation.organisation_id,
        name=checked_text("name", name, NAME_LIMIT),
        created_at=act.now,
    )
