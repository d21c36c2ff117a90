"""/grants: give and take back single rights of an integration."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from imece_chassis.answers import Answer, json_answer
from imece_chassis.database import Transaction
from imece_chassis.http.etags import PreconditionFailed, etag
from imece_chassis.http.idempotent import idempotent
from imece_chassis.http.problems import problem_responses
from imece_reference.refusals import UnknownCode, UnknownPlace
from registry.domain import refusals
from registry.domain.grants import Grant
from registry.http.access_shapes import GrantBody, GrantView, grant_view
from registry.http.parts import Writer, act_of, change, if_match, route_of
from registry.usecases.grant_role import GrantRole, grant_role
from registry.usecases.revoke_grant import revoke_grant

router = APIRouter(prefix="/grants", tags=["grants"])

_FOREIGN = (refusals.NotFound, refusals.RoleRequired, refusals.RoleNotDelegable)


@router.post(
    "",
    status_code=201,
    response_model=GrantView,
    operation_id="grantRole",
    summary="Give a right",
    responses=problem_responses(
        *_FOREIGN,
        refusals.AreaRequired,
        refusals.EndRequired,
        refusals.GrantPeriodRefused,
        UnknownCode,
        UnknownPlace,
    ),
)
async def give(request: Request, body: GrantBody, caller: Writer) -> Response:
    """Rights of an office reach beyond the own organisation; only the secretariat gives them."""
    act = act_of(request, caller)

    async def work(tx: Transaction) -> Answer:
        granted = await grant_role(tx, act, GrantRole(body.integration_id, body.wish()))
        return json_answer(grant_view(granted, act.now), 201, (("etag", etag(granted.version)),))

    return await idempotent(request, caller, route_of(request), work)


@router.delete(
    "/{grant_id}",
    status_code=204,
    operation_id="revokeGrant",
    summary="Take a right back",
    responses=problem_responses(*_FOREIGN, PreconditionFailed),
)
async def take_back(request: Request, grant_id: UUID, caller: Writer) -> Response:
    """Everywhere within five seconds. Repeating it changes nothing."""
    act, precondition = act_of(request, caller), if_match(request)

    async def work(tx: Transaction) -> Grant:
        return await revoke_grant(tx, act, grant_id, precondition)

    revoked = await change(request, work)
    return Response(status_code=204, headers={"etag": etag(revoked.version)})
