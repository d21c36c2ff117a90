"""/needs/{id}/delegate and /end-delegation: may the asker answer what is promised for its own need?"""

from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.http.need_shapes import NeedView
from crisis.http.need_views import need_view
from crisis.http.parts import NeedWriter, step
from crisis.http.shapes import Body, GivenMoment
from crisis.usecases.delegate_answers import DelegateAnswers, delegate_answers, end_delegation
from imece_chassis.http.problems import problem_responses

router = APIRouter(prefix="/needs/{need_id}", tags=["needs"])

_ANY = (refusals.NotFound, refusals.RoleMissing, refusals.NeedNotInState, refusals.NeedClosed)


class DelegateBody(Body):
    """Until when: at most 30 days ahead."""

    until: GivenMoment


@router.post(
    "/delegate",
    response_model=NeedView,
    operation_id="delegateAnswers",
    summary="Let the asker answer what is promised for its need",
    responses=problem_responses(*_ANY, refusals.SameParty, refusals.DelegationInvalid),
)
async def delegate(request: Request, need_id: UUID, body: DelegateBody, caller: NeedWriter) -> Response:
    """By a desk of the area that is not the asker's own. Until then the asker too accepts, declines and
    counters, with a grant as asker; the desk still may, and is still called when nobody answers. Said again,
    it replaces what was said before."""
    return await step(request, caller, delegate_answers, DelegateAnswers(need_id, body.until), need_view)


@router.post(
    "/end-delegation",
    response_model=NeedView,
    operation_id="endDelegation",
    summary="Let only desks answer again",
    responses=problem_responses(*_ANY, refusals.NotDelegated),
)
async def end(request: Request, need_id: UUID, caller: NeedWriter) -> Response:
    """By a desk of the area. What the asker answered before stays."""
    return await step(request, caller, end_delegation, need_id, need_view)
