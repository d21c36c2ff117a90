"""Judging a submitted need: verify, return, reject; appeal and its answer."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.needs.reasons import APPEAL, REJECT, RETURN, UPHOLD
from crisis.http.need_shapes import NeedView
from crisis.http.need_views import need_view
from crisis.http.parts import NeedWriter, answer, command, parts_of, step
from crisis.http.reason_lists import one_of
from crisis.http.shapes import Body, Reason
from crisis.usecases.appeal_need import AppealNeed, appeal_need
from crisis.usecases.decide_appeal import DecideAppeal, decide_appeal
from crisis.usecases.reject_need import RejectNeed, reject_need
from crisis.usecases.return_need import ReturnNeed, return_need
from crisis.usecases.verify_need import VerifyNeed, verify_need
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.problems import problem_responses

router = APIRouter(prefix="/needs/{need_id}", tags=["needs"])

_JUDGED = (
    refusals.NotFound,
    refusals.RoleMissing,
    refusals.NeedClosed,
    refusals.NeedNotSubmitted,
    refusals.SameParty,
)


class VerifyBody(Body):
    """1 by phone, 2 on site, 3 by an authority."""

    level: Annotated[int, Field(ge=1, le=3)]


class ReturnBody(Body):
    """Why, and what the asker must complete: codes of the lists."""

    reason: Reason
    missing_fields: Annotated[tuple[Annotated[str, Field(max_length=40)], ...], Field(max_length=12)] = ()


class ReasonBody(Body):
    """Why: a code of the reason list."""

    reason: Reason


class AppealDecisionBody(Body):
    """`upheld` with the reason why the rejection stands, or `granted`."""

    outcome: Literal["upheld", "granted"]
    reason: Reason | None = None


class RejectedView(NeedView):
    """The need; `two_key_id` waits for a second person while a life-saving need is still submitted."""

    two_key_id: UUID | None


@router.post(
    "/verify",
    response_model=NeedView,
    operation_id="verifyNeed",
    summary="Vouch for a need and open it, or vouch for an open one at a higher level",
    responses=problem_responses(*_JUDGED, refusals.CrisisNotOpen, refusals.VerificationNotHigher),
)
async def verify(request: Request, need_id: UUID, body: VerifyBody, caller: NeedWriter) -> Response:
    """By a desk of the area or a verifier of another organisation than the asker's."""
    return await step(request, caller, verify_need, VerifyNeed(need_id, body.level), need_view)


@router.post(
    "/return",
    response_model=NeedView,
    operation_id="returnNeed",
    summary="Send a need back to be completed",
    responses=problem_responses(*_JUDGED, refusals.ReasonUnknown, refusals.FieldUnknown),
    openapi_extra=one_of(RETURN),
)
async def send_back(request: Request, need_id: UUID, body: ReturnBody, caller: NeedWriter) -> Response:
    """The asker is reminded after a day; after seven the need is closed as expired."""
    tools = parts_of(request).tools
    wanted = ReturnNeed(need_id, body.reason, body.missing_fields)

    async def work(tx: Transaction) -> Answer:
        return answer(need_view(await return_need(tx, wanted, caller, tools)))

    return await command(request, caller, work)


@router.post(
    "/reject",
    response_model=RejectedView,
    operation_id="rejectNeed",
    summary="Close a submitted need that is not one",
    responses={
        202: {"model": RejectedView, "description": "A second key must confirm it first"},
        **problem_responses(*_JUDGED, refusals.ReasonUnknown, refusals.KeyPending),
    },
    openapi_extra=one_of(REJECT),
)
async def reject(request: Request, need_id: UUID, body: ReasonBody, caller: NeedWriter) -> Response:
    """A life-saving need is rejected only when a second person confirms; the asker may appeal for 72 h."""
    tools = parts_of(request).tools

    async def work(tx: Transaction) -> Answer:
        done = await reject_need(tx, RejectNeed(need_id, body.reason), caller, tools)
        document = {**need_view(done.need), "two_key_id": done.two_key_id}
        if done.two_key_id is None:
            return answer(document)
        return answer(document, 202, f"/two-keys/{done.two_key_id}")

    return await command(request, caller, work)


@router.post(
    "/appeal",
    response_model=NeedView,
    operation_id="appealNeed",
    summary="Ask to look again at a rejection",
    responses=problem_responses(
        refusals.NotFound,
        refusals.RoleMissing,
        refusals.NotRejected,
        refusals.AppealedBefore,
        refusals.AppealTooLate,
        refusals.ReasonUnknown,
    ),
    openapi_extra=one_of(APPEAL),
)
async def appeal(request: Request, need_id: UUID, body: ReasonBody, caller: NeedWriter) -> Response:
    """By the asker, once, within 72 h; unanswered for a day it becomes the secretariat's task."""
    return await step(request, caller, appeal_need, AppealNeed(need_id, body.reason), need_view)


@router.post(
    "/appeal/decide",
    response_model=NeedView,
    operation_id="decideAppeal",
    summary="Answer an appeal",
    responses=problem_responses(
        refusals.NotFound,
        refusals.RoleMissing,
        refusals.NoAppeal,
        refusals.SameParty,
        refusals.CrisisNotOpen,
        refusals.ReasonUnknown,
    ),
    openapi_extra=one_of(UPHOLD, may_be_null=True),
)
async def decide(request: Request, need_id: UUID, body: AppealDecisionBody, caller: NeedWriter) -> Response:
    """By a desk of another organisation: the rejection stands, or the need is to be verified again."""
    tools = parts_of(request).tools
    wanted = DecideAppeal(need_id, body.outcome, body.reason)

    async def work(tx: Transaction) -> Answer:
        return answer(need_view(await decide_appeal(tx, wanted, caller, tools)))

    return await command(request, caller, work)
