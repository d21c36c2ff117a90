"""Drafts of needs: write, change, submit. Nobody but their organisation sees them."""

from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.needs import without_personal_data
from crisis.http.duplicates import hint_views
from crisis.http.need_shapes import DraftBody, NeedView
from crisis.http.need_views import need_view
from crisis.http.needs import LINES_REFUSED, STATEMENT_REFUSED
from crisis.http.parts import NeedWriter, answer, command, parts_of, written
from crisis.usecases.draft_need import DraftNeed, draft_need
from crisis.usecases.duplicate_hints import hints_of
from crisis.usecases.submit_draft import submit_draft
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.problems import problem_responses

router = APIRouter(tags=["needs"])

_CHANGED = (refusals.NeedNotInState, refusals.NeedClosed)


@router.post(
    "/crises/{crisis_id}/drafts",
    status_code=201,
    response_model=NeedView,
    operation_id="draftNeed",
    summary="Write a need down without telling anybody",
    responses=problem_responses(*STATEMENT_REFUSED),
)
async def draft(request: Request, crisis_id: UUID, body: DraftBody, caller: NeedWriter) -> Response:
    """It may be incomplete; it is closed after seven days unless it is submitted."""
    tools = parts_of(request).tools
    said, masked = without_personal_data(body.said())

    async def work(tx: Transaction) -> Answer:
        drafted = await draft_need(tx, DraftNeed(crisis_id, said), caller, tools)
        need = drafted.need
        return answer(need_view(need, masked=masked, is_own=True), 201, f"/needs/{need.need_id}")

    return await command(request, caller, work)


@router.put(
    "/crises/{crisis_id}/needs/{need_id}",
    response_model=NeedView,
    operation_id="putDraft",
    summary="Write a draft under an id of your own, or say a draft or returned need anew",
    responses={
        201: {"model": NeedView, "description": "The draft is new"},
        **problem_responses(
            *STATEMENT_REFUSED, *_CHANGED, refusals.NeedIdTaken, refusals.IdTaken, refusals.IdNotOrdered
        ),
    },
)
async def put(
    request: Request, crisis_id: UUID, need_id: UUID, body: DraftBody, caller: NeedWriter
) -> Response:
    """Sending it twice writes it once: no key is needed. The id of a new draft is a new UUIDv7."""
    tools = parts_of(request).tools
    said, masked = without_personal_data(body.said())
    wanted = DraftNeed(crisis_id, said, need_id)

    async def work(tx: Transaction) -> Answer:
        drafted = await draft_need(tx, wanted, caller, tools)
        status = 201 if drafted.is_new else 200
        return answer(need_view(drafted.need, masked=masked, is_own=True), status, f"/needs/{need_id}")

    return await written(request, work)


@router.post(
    "/needs/{need_id}/submit",
    response_model=NeedView,
    operation_id="submitDraft",
    summary="Submit a draft, or a returned need again",
    responses=problem_responses(
        refusals.NotFound,
        refusals.RoleMissing,
        refusals.CrisisNotOpen,
        refusals.PlaceOutsideArea,
        refusals.NeedWithoutLines,
        *_CHANGED,
        *LINES_REFUSED,
    ),
)
async def submit(request: Request, need_id: UUID, caller: NeedWriter) -> Response:
    """Its lines are checked now; somebody of another organisation must verify it."""
    tools = parts_of(request).tools

    async def work(tx: Transaction) -> Answer:
        need = await submit_draft(tx, need_id, caller, tools)
        hints = hint_views(await hints_of(tx, need_id, caller))
        return answer({**need_view(need, is_own=True), "duplicate_hints": hints})

    return await command(request, caller, work)
