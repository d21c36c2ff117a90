"""/crises/{id}/…: open, dismiss, stand down, reactivate, close and reopen a crisis."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.reasons import DISMISS, RESUME, STAND_DOWN
from crisis.http.crises import CrisisView, Glide, Level, Title
from crisis.http.parts import NeedWriter, answer, command, parts_of, step
from crisis.http.reason_lists import one_of
from crisis.http.shapes import Body, PCode, Reason, Severity, View
from crisis.http.views import crisis_view
from crisis.usecases.close_crisis import ReopenCrisis, ask_to_reopen, close_crisis
from crisis.usecases.dismiss_crisis import DismissCrisis, dismiss_crisis
from crisis.usecases.open_crisis import OpenProposal, open_proposal
from crisis.usecases.stand_down import Reactivate, StandDown, reactivate, stand_down
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.bodies import may_be_left_out
from imece_chassis.http.problems import problem_responses
from imece_reference.refusals import UnknownPlace

router = APIRouter(prefix="/crises", tags=["crises"])

Area = Annotated[tuple[PCode, ...], Field(min_length=1, max_length=1000)]
Provinces = Annotated[tuple[PCode, ...], Field(max_length=81)]


class ProposalBody(Body):
    """What the person who opens it knows better; the rest stays as it was proposed."""

    title: Title | None = None
    severity: Severity | None = None
    level: Level | None = None
    area: Area | None = None
    supporting_provinces: Provinces = ()
    glide: Glide = ()


class ReasonBody(Body):
    """Why."""

    reason: Reason


class SecondKeyView(View):
    """What waits for a second key."""

    two_key_id: UUID


@router.post(
    "/{crisis_id}/open",
    response_model=CrisisView,
    operation_id="openProposal",
    summary="Open a proposed crisis",
    responses=problem_responses(
        refusals.NotFound, refusals.RoleMissing, refusals.CrisisNotInState, UnknownPlace
    ),
)
async def open_it(
    request: Request,
    crisis_id: UUID,
    body: Annotated[ProposalBody, may_be_left_out(ProposalBody)],
    caller: NeedWriter,
) -> Response:
    """A feed only proposes; a person of the secretariat opens. One that is open stays as it is."""
    tools = parts_of(request).tools
    wanted = OpenProposal(
        crisis_id=crisis_id,
        title=body.title.model_dump(exclude_none=True) if body.title else None,
        severity=body.severity,
        level=body.level,
        area=body.area or (),
        supporting_provinces=body.supporting_provinces,
        glide=body.glide,
    )

    async def work(tx: Transaction) -> Answer:
        return answer(crisis_view(await open_proposal(tx, wanted, caller, tools)))

    return await command(request, caller, work)


@router.post(
    "/{crisis_id}/dismiss",
    response_model=CrisisView,
    operation_id="dismissCrisis",
    summary="Say no to a proposal",
    responses=problem_responses(
        refusals.NotFound, refusals.RoleMissing, refusals.CrisisNotInState, refusals.ReasonUnknown
    ),
    openapi_extra=one_of(DISMISS),
)
async def dismiss(request: Request, crisis_id: UUID, body: ReasonBody, caller: NeedWriter) -> Response:
    """Only the secretariat."""
    return await step(request, caller, dismiss_crisis, DismissCrisis(crisis_id, body.reason), crisis_view)


@router.post(
    "/{crisis_id}/stand-down",
    response_model=CrisisView,
    operation_id="standDown",
    summary="Take no new needs and bring the rest to its end",
    responses=problem_responses(
        refusals.NotFound, refusals.RoleMissing, refusals.CrisisNotInState, refusals.ReasonUnknown
    ),
    openapi_extra=one_of(STAND_DOWN),
)
async def stand_it_down(request: Request, crisis_id: UUID, body: ReasonBody, caller: NeedWriter) -> Response:
    """It never closes by itself: from the fifth day on the secretariat is asked daily."""
    return await step(request, caller, stand_down, StandDown(crisis_id, body.reason), crisis_view)


@router.post(
    "/{crisis_id}/reactivate",
    response_model=CrisisView,
    operation_id="reactivateCrisis",
    summary="Open a crisis again that was stood down",
    responses=problem_responses(
        refusals.NotFound, refusals.RoleMissing, refusals.CrisisNotInState, refusals.ReasonUnknown
    ),
    openapi_extra=one_of(RESUME),
)
async def reactivate_it(request: Request, crisis_id: UUID, body: ReasonBody, caller: NeedWriter) -> Response:
    """Only the secretariat."""
    return await step(request, caller, reactivate, Reactivate(crisis_id, body.reason), crisis_view)


@router.post(
    "/{crisis_id}/close",
    response_model=CrisisView,
    operation_id="closeCrisis",
    summary="Close a crisis in which nothing waits any more",
    responses=problem_responses(
        refusals.NotFound, refusals.RoleMissing, refusals.CrisisNotInState, refusals.CrisisNotEmpty
    ),
)
async def close(request: Request, crisis_id: UUID, caller: NeedWriter) -> Response:
    """A refusal names what still waits in `rows`."""
    return await step(request, caller, close_crisis, crisis_id, crisis_view)


@router.post(
    "/{crisis_id}/reopen",
    status_code=202,
    response_model=SecondKeyView,
    operation_id="reopenCrisis",
    summary="Ask to open a closed crisis again",
    responses=problem_responses(
        refusals.NotFound,
        refusals.RoleMissing,
        refusals.CrisisNotInState,
        refusals.ReopeningTooLate,
        refusals.ReasonUnknown,
        refusals.KeyPending,
    ),
    openapi_extra=one_of(RESUME),
)
async def reopen(request: Request, crisis_id: UUID, body: ReasonBody, caller: NeedWriter) -> Response:
    """Within 30 days; another key of the secretariat confirms within a day."""
    tools = parts_of(request).tools

    async def work(tx: Transaction) -> Answer:
        two_key_id = await ask_to_reopen(tx, ReopenCrisis(crisis_id, body.reason), caller, tools)
        return answer({"two_key_id": two_key_id}, 202, f"/two-keys/{two_key_id}")

    return await command(request, caller, work)
