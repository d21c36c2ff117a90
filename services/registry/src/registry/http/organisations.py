"""/organisations: enter, read, correct and move organisations through their life."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from imece_chassis.access.caller import Caller
from imece_chassis.answers import Answer, json_answer
from imece_chassis.database import Transaction
from imece_chassis.http.etags import PreconditionFailed, PreconditionRequired, etag, is_not_modified
from imece_chassis.http.idempotent import idempotent
from imece_chassis.http.paging import DEFAULT_LIMIT, MAX_LIMIT, CursorInvalid, filters_of, link_header
from imece_chassis.http.problems import problem_responses
from imece_chassis.http.responses import respond
from imece_reference.refusals import UnknownCode, UnknownPlace
from registry.domain import refusals
from registry.domain.organisations import Organisation
from registry.http.organisation_shapes import (
    MoveBody,
    OrganisationPage,
    OrganisationView,
    RegisterBody,
    ReviseBody,
    State,
    view_of,
)
from registry.http.parts import Reader, Writer, act_of, actor_of, change, if_match, parts_of, read, route_of
from registry.http.shapes import Plate
from registry.usecases import queries
from registry.usecases.move_organisation import Move, MoveOrganisation, move_organisation
from registry.usecases.queries import Filter
from registry.usecases.register_organisation import RegisterOrganisation, register_organisation
from registry.usecases.revise_organisation import ReviseOrganisation, revise_organisation

router = APIRouter(prefix="/organisations", tags=["organisations"])

_TEXTS = (refusals.TextRefused, refusals.IdentityNumberInText)
_STALE = (PreconditionFailed, refusals.NotFound, refusals.RoleRequired)


def _answer(organisation: Organisation, status: int = 200) -> Answer:
    headers = (
        ("etag", etag(organisation.version)),
        ("location", f"/organisations/{organisation.organisation_id}"),
    )
    return json_answer(view_of(organisation, with_basis=True), status, headers)


@router.post(
    "",
    status_code=201,
    response_model=OrganisationView,
    operation_id="registerOrganisation",
    summary="Enter an organisation as candidate",
    responses=problem_responses(
        refusals.RoleRequired,
        refusals.ParentRequired,
        refusals.ParentNotPossible,
        UnknownCode,
        UnknownPlace,
        *_TEXTS,
    ),
)
async def register(request: Request, body: RegisterBody, caller: Writer) -> Response:
    """The secretariat enters an organisation. Until it is activated its keys can only read."""
    act = act_of(request, caller)

    async def work(tx: Transaction) -> Answer:
        command = RegisterOrganisation(body.particulars(), body.parent_id)
        return _answer(await register_organisation(tx, act, command), 201)

    return await idempotent(request, caller, route_of(request), work)


@router.get(
    "",
    response_model=OrganisationPage,
    operation_id="listOrganisations",
    summary="Organisations in Turkish alphabetical order",
    responses=problem_responses(CursorInvalid),
)
async def page(
    request: Request,
    response: Response,
    caller: Reader,
    state: Annotated[State | None, Query(description="Only this state")] = None,
    province: Annotated[Plate | None, Query(description="Seat or activity in this province")] = None,
    kind: Annotated[str | None, Query(max_length=40, description="Only this kind, see /kinds")] = None,
    q: Annotated[
        str | None,
        Query(min_length=1, max_length=100, description="Part of a name; case and accents are ignored"),
    ] = None,
    cursor: Annotated[str | None, Query(max_length=1024)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> OrganisationPage:
    """Candidates are shown to the secretariat and to themselves. Follow `next_cursor` or the Link header."""
    cursors, filters = parts_of(request).organisation_cursors, filters_of(request)
    wanted = cursors.page(cursor, limit, filters)
    after = None if wanted.after is None else (str(wanted.after[0]), UUID(wanted.after[1]))

    async def work(tx: Transaction) -> OrganisationPage:
        found, has_more = await queries.page_of_organisations(
            tx, actor_of(caller), Filter(state, province, kind, q), after, wanted.limit
        )
        position = (found[-1].sort_key, found[-1].organisation_id) if has_more else None
        return OrganisationPage(
            items=tuple(view_of(organisation) for organisation in found),
            has_more=has_more,
            next_cursor=None if position is None else cursors.encode(position, filters),
        )

    answer = await read(request, work)
    if answer.next_cursor is not None:
        response.headers["link"] = link_header(request, {"next": answer.next_cursor})
    return answer


@router.get(
    "/{organisation_id}",
    response_model=OrganisationView,
    operation_id="getOrganisation",
    summary="One organisation",
    responses={304: {"description": "Not modified"}, **problem_responses(refusals.NotFound)},
)
async def one(request: Request, organisation_id: UUID, caller: Reader) -> Response:
    """The basis of the state is shown to the secretariat and to the organisation itself."""
    actor = actor_of(caller)

    async def work(tx: Transaction) -> Organisation:
        return await queries.organisation(tx, actor, organisation_id)

    found = await read(request, work)
    if is_not_modified(request, found.version):
        return Response(status_code=304, headers={"etag": etag(found.version)})
    is_near = actor.is_secretariat or actor.organisation_id == found.organisation_id
    return respond(json_answer(view_of(found, with_basis=is_near), 200, (("etag", etag(found.version)),)))


@router.patch(
    "/{organisation_id}",
    response_model=OrganisationView,
    operation_id="reviseOrganisation",
    summary="Correct names, seat, provinces or languages",
    responses=problem_responses(PreconditionRequired, *_STALE, refusals.WrongState, UnknownPlace, *_TEXTS),
)
async def revise(request: Request, organisation_id: UUID, body: ReviseBody, caller: Writer) -> Response:
    """JSON Merge Patch by the secretariat; needs If-Match with the ETag you saw."""
    act, precondition = act_of(request, caller), if_match(request, is_required=True)

    async def work(tx: Transaction) -> Organisation:
        return await revise_organisation(
            tx, act, ReviseOrganisation(organisation_id, body.applied), precondition
        )

    return respond(_answer(await change(request, work)))


_MOVING = problem_responses(*_STALE, refusals.WrongState, *_TEXTS)


@router.post(
    "/{organisation_id}/activate",
    response_model=OrganisationView,
    operation_id="activateOrganisation",
    summary="A candidate becomes active",
    responses=_MOVING,
)
async def activate(request: Request, organisation_id: UUID, body: MoveBody, caller: Writer) -> Response:
    """The secretariat decides and states the basis."""
    return await _move(request, organisation_id, "activate", body, caller)


@router.post(
    "/{organisation_id}/suspend",
    response_model=OrganisationView,
    operation_id="suspendOrganisation",
    summary="An active organisation may only read",
    responses=_MOVING,
)
async def suspend(request: Request, organisation_id: UUID, body: MoveBody, caller: Writer) -> Response:
    """The secretariat decides and states the basis. Every write scope of its keys is dead meanwhile."""
    return await _move(request, organisation_id, "suspend", body, caller)


@router.post(
    "/{organisation_id}/reinstate",
    response_model=OrganisationView,
    operation_id="reinstateOrganisation",
    summary="A suspension ends",
    responses=_MOVING,
)
async def reinstate(request: Request, organisation_id: UUID, body: MoveBody, caller: Writer) -> Response:
    """The secretariat decides and states the basis."""
    return await _move(request, organisation_id, "reinstate", body, caller)


async def _move(
    request: Request, organisation_id: UUID, move: Move, body: MoveBody, caller: Caller
) -> Response:
    act, precondition = act_of(request, caller), if_match(request)

    async def work(tx: Transaction) -> Answer:
        command = MoveOrganisation(organisation_id, move, body.basis)
        return _answer(await move_organisation(tx, act, command, precondition))

    return await idempotent(request, caller, route_of(request), work)
