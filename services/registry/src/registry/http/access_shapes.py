"""Requests and answers about integrations, grants and keys."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from registry.domain.grants import Grant
from registry.domain.grants import Wish as GrantWish
from registry.domain.integrations import NAME_LIMIT, Integration
from registry.domain.keys import Key
from registry.domain.keys import Wish as KeyWish
from registry.domain.roles import ROLES, SCOPES
from registry.http.shapes import Body, GivenMoment, Moment, Plate, Plates, View

RoleCode = Annotated[
    str, Field(max_length=40, description="One of: " + ", ".join(ROLES), examples=["pledger"])
]
Scope = Annotated[str, Field(max_length=40, description="One of: " + ", ".join(SCOPES))]
Mode = Literal["test", "live"]
EXAMPLE_ID = "0199c2d4-7b1e-7c3a-9a55-2f0c7b3d1e42"
EXAMPLE_KEY = "imc_test_" + "0" * 43 + "000000"


class IntegrationBody(Body):
    """A program of the organisation and the roles it acts in, optionally for some provinces only."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Depo yazılımı", "roles": ["pledger", "asker"]}]}
    )

    name: str = Field(min_length=2, max_length=NAME_LIMIT, description="Which program; never a person's name")
    roles: Annotated[tuple[RoleCode, ...], Field(max_length=20)]
    provinces: Plates = ()


class GrantBody(Body):
    """One more right. Empty `provinces` and no `crisis_id` mean all; without `valid_from` it begins now."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"integration_id": EXAMPLE_ID, "role": "provincial_desk", "provinces": ["31"]}]
        }
    )

    integration_id: UUID
    role: RoleCode
    provinces: Plates = ()
    crisis_id: UUID | None = None
    valid_from: GivenMoment | None = None
    valid_to: GivenMoment | None = None

    def wish(self) -> GrantWish:
        return GrantWish(self.role, self.provinces, self.crisis_id, self.valid_from, self.valid_to)


class KeyBody(Body):
    """Without `scopes` the key carries all it may; without `expires_on` it lives 365 days."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"mode": "test", "scopes": ["crisis:pledge:write", "crisis:board:read"]}]
        }
    )

    mode: Mode = Field(
        "test",
        description="A mark in the key: both reach the same data. Only a live key of an org_admin writes",
    )
    scopes: Annotated[tuple[Scope, ...], Field(min_length=1, max_length=len(SCOPES))] | None = None
    expires_on: date | None = Field(
        None, description="Last day of validity in Türkiye, at most 365 days ahead"
    )

    def wish(self) -> KeyWish:
        return KeyWish(self.mode, self.scopes, self.expires_on)


class RotateBody(Body):
    """Normally the old key lives on until you revoke it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"retire_now": False}]})

    retire_now: bool = Field(False, description="Revoke the old key in the same step")


class GrantView(View):
    """A right. `organisation_id` null means everybody's things; empty `provinces` means all."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "grant_id": EXAMPLE_ID,
                    "version": 1,
                    "integration_id": EXAMPLE_ID,
                    "role": "pledger",
                    "organisation_id": EXAMPLE_ID,
                    "provinces": [],
                    "valid_from": "2026-02-06T06:12:00.000Z",
                    "is_current": True,
                }
            ]
        }
    )

    grant_id: UUID
    version: int
    integration_id: UUID
    role: str
    organisation_id: UUID | None = None
    provinces: tuple[Plate, ...]
    crisis_id: UUID | None = None
    valid_from: Moment
    valid_to: Moment | None = None
    revoked_at: Moment | None = None
    is_current: bool


class IntegrationView(View):
    """A program and its rights."""

    integration_id: UUID
    organisation_id: UUID
    name: str
    created_at: Moment
    grants: tuple[GrantView, ...]


class IntegrationSummary(View):
    """A program in a list."""

    integration_id: UUID
    organisation_id: UUID
    name: str
    created_at: Moment


class IntegrationList(View):
    """All programs of one organisation, oldest first."""

    items: tuple[IntegrationSummary, ...]


class KeyView(View):
    """A key as it is remembered: recognisable, useless to a thief."""

    key_id: UUID
    version: int
    integration_id: UUID
    organisation_id: UUID
    mode: Mode
    prefix: str = Field(description="First 8 characters after imc_…_")
    last4: str
    scopes: tuple[str, ...]
    expires_on: date
    created_at: Moment
    revoked_at: Moment | None = None
    is_live: bool


class NewKeyView(KeyView):
    """A new key. `key` is shown in this answer only: a replay of the request carries null."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "key_id": EXAMPLE_ID,
                    "version": 1,
                    "integration_id": EXAMPLE_ID,
                    "organisation_id": EXAMPLE_ID,
                    "mode": "test",
                    "prefix": "00000000",
                    "last4": "0000",
                    "scopes": ["crisis:board:read", "crisis:pledge:write"],
                    "expires_on": "2027-02-06",
                    "created_at": "2026-02-06T06:12:00.000Z",
                    "is_live": True,
                    "key": EXAMPLE_KEY,
                }
            ]
        }
    )

    key: str | None = None


class KeyList(View):
    """All keys of one integration, oldest first, revoked ones included."""

    items: tuple[KeyView, ...]


def grant_view(grant: Grant, now: datetime) -> GrantView:
    return GrantView(
        grant_id=grant.grant_id,
        version=grant.version,
        integration_id=grant.integration_id,
        role=grant.role,
        organisation_id=grant.organisation_id,
        provinces=grant.province_plates,
        crisis_id=grant.crisis_id,
        valid_from=grant.valid_from,
        valid_to=grant.valid_to,
        revoked_at=grant.revoked_at,
        is_current=grant.is_current(now),
    )


def integration_summary(integration: Integration) -> IntegrationSummary:
    return IntegrationSummary(
        integration_id=integration.integration_id,
        organisation_id=integration.organisation_id,
        name=integration.name,
        created_at=integration.created_at,
    )


def integration_view(integration: Integration, grants: tuple[GrantView, ...]) -> IntegrationView:
    return IntegrationView(**integration_summary(integration).model_dump(mode="python"), grants=grants)


def key_view(key: Key, now: datetime) -> KeyView:
    return KeyView(
        key_id=key.key_id,
        version=key.version,
        integration_id=key.integration_id,
        organisation_id=key.organisation_id,
        mode=key.mode,
        prefix=key.secret.prefix,
        last4=key.secret.last4,
        scopes=key.scopes,
        expires_on=key.expires_on,
        created_at=key.created_at,
        revoked_at=key.revoked_at,
        is_live=key.is_live(now),
    )
