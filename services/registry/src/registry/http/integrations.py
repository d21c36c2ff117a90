"""/organisations/{id}/integrations and /integrations/{id}: the programs that act for an organisation."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from imece_chassis.answers import Answer, json_answer
from imece_chassis.database import Transaction
from imece_chassis.http.idempotent import idempotent
from imece_chassis.http.problems import problem_responses
from imece_reference.refusals import UnknownCode, UnknownPlace
from registry.domain import refusals
from registry.http.access_shapes import (
    IntegrationBody,
    IntegrationList,
    IntegrationView,
    grant_view,
    integration_summary,
    integration_view,
)
from registry.http.parts import Reader, Writer, act_of, actor_of, parts_of, read, route_of
from registry.usecases import queries
from registry.usecases.create_integration import CreateIntegration, create_integration

router = APIRouter(tags=["integrations"])

_FOREIGN = (refusals.NotFound, refusals.RoleRequired)


@router.post(
    "/organisations/{organisation_id}/integrations",
    status_code=201,
    response_model=IntegrationView,
    operation_id="createIntegration",
    summary="A program with its rights",
    responses=problem_responses(
        *_FOREIGN,
        refusals.RoleNotDelegable,
        refusals.AreaRequired,
        refusals.EndRequired,
        refusals.KindHoldsNoKeys,
        refusals.WrongState,
        refusals.TextRefused,
        refusals.IdentityNumberInText,
        UnknownCode,
        UnknownPlace,
    ),
)
async def create(request: Request, organisation_id: UUID, body: IntegrationBody, caller: Writer) -> Response:
    """The secretariat gives any role; an administrator those of the own organisation. Keys come later."""
    act = act_of(request, caller)

    async def work(tx: Transaction) -> Answer:
        command = CreateIntegration(organisation_id, body.name, body.roles, body.provinces)
        integration, granted = await create_integration(tx, act, command)
        view = integration_view(integration, tuple(grant_view(grant, act.now) for grant in granted))
        return json_answer(view, 201, (("location", f"/integrations/{integration.integration_id}"),))

    return await idempotent(request, caller, route_of(request), work)


@router.get(
    "/organisations/{organisation_id}/integrations",
    response_model=IntegrationList,
    operation_id="listIntegrations",
    summary="The programs of an organisation",
    responses=problem_responses(*_FOREIGN),
)
async def of_organisation(request: Request, organisation_id: UUID, caller: Reader) -> IntegrationList:
    """Oldest first."""

    async def work(tx: Transaction) -> IntegrationList:
        found = await queries.integrations_of(tx, actor_of(caller), organisation_id)
        return IntegrationList(items=tuple(integration_summary(integration) for integration in found))

    return await read(request, work)


@router.get(
    "/integrations/{integration_id}",
    response_model=IntegrationView,
    operation_id="getIntegration",
    summary="One program with its rights",
    responses=problem_responses(*_FOREIGN),
)
async def one(request: Request, integration_id: UUID, caller: Reader) -> IntegrationView:
    """Revoked and ended rights are included."""
    now = parts_of(request).clock.now()

    async def work(tx: Transaction) -> IntegrationView:
        found, held = await queries.integration(tx, actor_of(caller), integration_id)
        return integration_view(found, tuple(grant_view(grant, now) for grant in held))

    return await read(request, work)
