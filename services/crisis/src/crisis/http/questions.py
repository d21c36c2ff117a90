"""What one side asked and the other must answer: /release-requests, /conditions, /waivers."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.conditions import ConditionState
from crisis.domain.reasons import WAIVE
from crisis.domain.release_requests import ReleaseRequest
from crisis.domain.units import plain
from crisis.domain.waivers import Waiver
from crisis.events import moment
from crisis.http.allocations import MovedView
from crisis.http.lists import PageView, page_answer
from crisis.http.parts import (
    EitherWriter,
    NeedWriter,
    PledgeWriter,
    Reader,
    answer,
    command,
    parts_of,
    snapshot,
)
from crisis.http.reason_lists import one_of
from crisis.http.shapes import Body, Cursor, Reason, View
from crisis.http.term_shapes import ConditionView, DispatchPlanBody, condition_view
from crisis.http.views import moved_answer
from crisis.store import release_requests
from crisis.store import waivers as asked_about
from crisis.usecases.answer_release import AnswerRelease, answer_release
from crisis.usecases.settle_condition import SettleCondition, settle_condition
from crisis.usecases.waive_earmark import AnswerWaiver, AskWaiver, answer_waiver, ask_waiver
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.paging import DEFAULT_LIMIT, MAX_LIMIT, CursorInvalid, filters_of
from imece_chassis.http.problems import problem_responses

router = APIRouter(tags=["questions"])


class AnswerReleaseBody(Body):
    """`agrees`, or the plan by which the goods leave."""

    agrees: bool
    plan: DispatchPlanBody | None = None


class SettleBody(Body):
    """What became of it; `reason` for waived alone."""

    state: Literal["met", "waived", "failed"]
    reason: Reason | None = None


class WaiverBody(Body):
    """Whose goods, for which line of another use."""

    offer_line_id: UUID


class AgreeBody(Body):
    """Yes or no."""

    agrees: bool


RequestState = Literal["pending", "agreed", "refused", "lapsed", "void"]
WaiverState = Literal["pending", "granted", "refused", "lapsed"]
_ONLY = Query(description="Only in this state")


class ReleaseRequestView(View):
    """A request to let goods go; no answer by `answer_by` is a yes."""

    request_id: UUID
    allocation_id: UUID
    asked_by_org_id: UUID
    asked_by: Literal["pledger", "desk"]
    holder_org_id: UUID
    quantity: str
    reason: str
    state: RequestState
    answer_by: datetime


class WaiverView(View):
    """May earmarked goods be used for one line? No answer by `answer_by` is a no."""

    waiver_id: UUID
    need_line_id: UUID
    offer_line_id: UUID
    asked_of_org_id: UUID
    state: WaiverState
    answer_by: datetime


class ReleaseRequestPage(PageView):
    """Requests, newest first."""

    items: tuple[ReleaseRequestView, ...]


class WaiverPage(PageView):
    """Questions, newest first."""

    items: tuple[WaiverView, ...]


@router.get(
    "/release-requests",
    response_model=ReleaseRequestPage,
    operation_id="listReleaseRequests",
    summary="What the caller's organisation was asked to let go, or asked for",
    responses=problem_responses(CursorInvalid),
)
async def requests(
    request: Request,
    caller: Reader,
    state: Annotated[RequestState | None, _ONLY] = None,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """Newest first."""
    cursors = parts_of(request).cursors("release_requests")
    wanted = cursors.page(cursor, limit, filters_of(request))
    after = UUID(str(wanted.after[0])) if wanted.after else None
    found = await snapshot(
        request,
        lambda tx: release_requests.page(tx, caller.organisation_id, state, after, wanted.limit + 1),
    )
    return page_answer(request, cursors, [requested_view(each) for each in found], "request_id", wanted.limit)


@router.get(
    "/waivers",
    response_model=WaiverPage,
    operation_id="listWaivers",
    summary="Uses outside an earmark the caller's organisation was asked about, or asked for",
    responses=problem_responses(CursorInvalid),
)
async def waivers(
    request: Request,
    caller: Reader,
    state: Annotated[WaiverState | None, _ONLY] = None,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """Newest first."""
    cursors = parts_of(request).cursors("waivers")
    wanted = cursors.page(cursor, limit, filters_of(request))
    after = UUID(str(wanted.after[0])) if wanted.after else None
    found = await snapshot(
        request, lambda tx: asked_about.page(tx, caller.organisation_id, state, after, wanted.limit + 1)
    )
    return page_answer(request, cursors, [waiver_view(each) for each in found], "waiver_id", wanted.limit)


@router.post(
    "/release-requests/{request_id}/answer",
    response_model=MovedView,
    operation_id="answerRelease",
    summary="Let goods go, or say when they leave",
    responses=problem_responses(
        refusals.NotFound,
        refusals.RoleMissing,
        refusals.AllocationNotInState,
        refusals.ReleaseSettled,
        refusals.PlanRequired,
        refusals.PlanInvalid,
    ),
)
async def answer_request(
    request: Request, request_id: UUID, body: AnswerReleaseBody, caller: PledgeWriter
) -> Response:
    """By the organisation that holds them."""
    tools = parts_of(request).tools
    wanted = AnswerRelease(request_id, body.agrees, body.plan.plan() if body.plan else None)

    async def work(tx: Transaction) -> Answer:
        return moved_answer(await answer_release(tx, wanted, caller, tools))

    return await command(request, caller, work)


@router.post(
    "/conditions/{condition_id}/settle",
    response_model=ConditionView,
    operation_id="settleCondition",
    summary="Say what became of a condition",
    responses=problem_responses(
        refusals.NotFound,
        refusals.RoleMissing,
        refusals.AllocationNotInState,
        refusals.ConditionSettled,
        refusals.NotYourCondition,
        refusals.ReasonUnknown,
    ),
    openapi_extra=one_of(WAIVE, may_be_null=True),
)
async def settle(request: Request, condition_id: UUID, body: SettleBody, caller: EitherWriter) -> Response:
    """By the side that stated it; a desk may waive what the pledger stated. Failed ends the allocation."""
    tools = parts_of(request).tools
    wanted = SettleCondition(condition_id, ConditionState(body.state), body.reason)

    async def work(tx: Transaction) -> Answer:
        done = await settle_condition(tx, wanted, caller, tools)
        return answer(condition_view(done.condition))

    return await command(request, caller, work)


@router.post(
    "/need-lines/{need_line_id}/waivers",
    response_model=WaiverView,
    status_code=201,
    operation_id="askWaiver",
    summary="Ask a pledger to let earmarked goods be used here",
    responses=problem_responses(
        refusals.NotFound,
        refusals.RoleMissing,
        refusals.CrisisNotOpen,
        refusals.NeedClosed,
        refusals.NeedNotOpen,
        refusals.LineOverdue,
        refusals.OfferNotInState,
        refusals.OfferOver,
        refusals.SameParty,
        refusals.EarmarkFits,
        refusals.WaiverPending,
    ),
)
async def ask(request: Request, need_line_id: UUID, body: WaiverBody, caller: NeedWriter) -> Response:
    """By the desk of the area or the secretariat. Nothing is promised by it."""
    tools = parts_of(request).tools

    async def work(tx: Transaction) -> Answer:
        wanted = AskWaiver(need_line_id, body.offer_line_id)
        return answer(waiver_view(await ask_waiver(tx, wanted, caller, tools)), 201)

    return await command(request, caller, work)


@router.post(
    "/waivers/{waiver_id}/answer",
    response_model=WaiverView,
    operation_id="answerWaiver",
    summary="Allow or refuse a use outside the earmark",
    responses=problem_responses(refusals.NotFound, refusals.RoleMissing, refusals.WaiverSettled),
)
async def answer_question(
    request: Request, waiver_id: UUID, body: AgreeBody, caller: PledgeWriter
) -> Response:
    """By the organisation whose goods they are."""
    tools = parts_of(request).tools

    async def work(tx: Transaction) -> Answer:
        done = await answer_waiver(tx, AnswerWaiver(waiver_id, body.agrees), caller, tools)
        return answer(waiver_view(done))

    return await command(request, caller, work)


def requested_view(asked: ReleaseRequest) -> dict[str, Any]:
    """A request to let goods go."""
    return {
        "request_id": asked.request_id,
        "allocation_id": asked.allocation_id,
        "asked_by_org_id": asked.asked_by_org,
        "asked_by": "desk" if asked.is_desk else "pledger",
        "holder_org_id": asked.holder_org,
        "quantity": plain(asked.qty),
        "reason": asked.reason,
        "state": asked.state.value,
        "answer_by": moment(asked.answer_by),
    }


def waiver_view(waiver: Waiver) -> dict[str, Any]:
    """A question about an earmark."""
    return {
        "waiver_id": waiver.waiver_id,
        "need_line_id": waiver.need_line_id,
        "offer_line_id": waiver.offer_line_id,
        "asked_of_org_id": waiver.asked_of_org,
        "state": waiver.state.value,
        "answer_by": moment(waiver.answer_by),
    }
