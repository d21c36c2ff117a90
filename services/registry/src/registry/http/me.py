"""/me: whose key this is and what it may do."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict
from starlette.requests import Request

from imece_chassis.database import Transaction
from imece_chassis.http.problems import problem_responses
from registry.domain import refusals
from registry.http.access_shapes import EXAMPLE_ID, KeyView, key_view
from registry.http.parts import Reader, parts_of, read
from registry.http.shapes import Moment, Plate, View
from registry.usecases import queries

router = APIRouter(tags=["me"])


class MyOrganisation(View):
    """The organisation the key acts for."""

    organisation_id: UUID
    legal_name: str
    kind: str
    state: str
    seat_province: Plate


class MyIntegration(View):
    """The program the key belongs to."""

    integration_id: UUID
    name: str


class MyGrant(View):
    """A right in force now or later."""

    role: str
    organisation_id: UUID | None = None
    provinces: tuple[Plate, ...]
    crisis_id: UUID | None = None
    valid_from: Moment | None = None
    valid_to: Moment | None = None


class Me(View):
    """The caller as the registry sees it. Without the state `active`, write scopes have no effect."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "organisation": {
                        "organisation_id": EXAMPLE_ID,
                        "legal_name": "Örnek Yardım Derneği",
                        "kind": "dernek",
                        "state": "active",
                        "seat_province": "31",
                    },
                    "integration": {"integration_id": EXAMPLE_ID, "name": "Depo yazılımı"},
                    "key": {
                        "key_id": EXAMPLE_ID,
                        "version": 1,
                        "integration_id": EXAMPLE_ID,
                        "organisation_id": EXAMPLE_ID,
                        "mode": "test",
                        "prefix": "00000000",
                        "last4": "0000",
                        "scopes": ["crisis:pledge:write"],
                        "expires_on": "2027-02-06",
                        "created_at": "2026-02-06T06:12:00.000Z",
                        "is_live": True,
                    },
                    "scopes": ["crisis:pledge:write"],
                    "roles": ["pledger"],
                    "grants": [
                        {
                            "role": "pledger",
                            "organisation_id": EXAMPLE_ID,
                            "provinces": [],
                            "valid_from": "2026-02-06T06:12:00.000Z",
                        }
                    ],
                }
            ]
        }
    )

    organisation: MyOrganisation
    integration: MyIntegration
    key: KeyView
    scopes: tuple[str, ...]
    roles: tuple[str, ...]
    grants: tuple[MyGrant, ...]


@router.get(
    "/me",
    response_model=Me,
    operation_id="getMe",
    summary="Whose key this is",
    responses=problem_responses(refusals.NotFound),
)
async def me(request: Request, caller: Reader) -> Me:
    """The organisation, the program, the key as it is remembered, and the rights it carries."""
    now = parts_of(request).clock.now()

    async def work(tx: Transaction) -> Me:
        home, program, key = await queries.own_key(tx, caller.key_id, caller.integration_id)
        return Me(
            organisation=MyOrganisation(
                organisation_id=home.organisation_id,
                legal_name=home.legal_name,
                kind=home.kind,
                state=home.state,
                seat_province=home.seat_plate,
            ),
            integration=MyIntegration(integration_id=program.integration_id, name=program.name),
            key=key_view(key, now),
            scopes=key.scopes,
            roles=tuple(sorted({grant.role for grant in caller.grants if grant.is_current(now)})),
            grants=tuple(
                MyGrant(
                    role=grant.role,
                    organisation_id=grant.organisation_id,
                    provinces=tuple(sorted(grant.provinces)),
                    crisis_id=grant.crisis_id,
                    valid_from=grant.valid_from,
                    valid_to=grant.valid_until,
                )
                for grant in caller.grants
            ),
        )

    return await read(request, work)
