"""/allocations/{id}: other terms, longer holds, goods asked back, conditions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.reasons import ASK_RELEASE, CANCEL_CALL, RELEASE
from crisis.http.allocations import MovedView, ReasonBody
from crisis.http.parts import EitherWriter, NeedWriter, Reader, answer, command, parts_of, snapshot
from crisis.http.questions import ReleaseRequestView, requested_view
from crisis.http.reason_lists import one_of
from crisis.http.shapes import Body, GivenMoment, Quantity, View
from crisis.http.term_shapes import (
    MOST_CONDITIONS,
    ConditionBody,
    ConditionView,
    DispatchPlanBody,
    PlanBody,
    condition_view,
)
from crisis.http.views import moved_answer
from crisis.usecases.cancel_call import CancelCall, cancel_call
from crisis.usecases.counter_allocation import CounterAllocation, counter_allocation
from crisis.usecases.extend_hold import ExtendHold, extend_hold
from crisis.usecases.release_hold import ReleaseHold, release_hold
from crisis.usecases.request_release import RequestRelease, request_release
from crisis.usecases.settle_condition import conditions_of
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.problems import problem_responses
from imece_chassis.http.responses import respond
from imece_reference.refusals import InvalidQuantity, NotWhole

router = APIRouter(prefix="/allocations/{allocation_id}", tags=["allocations"])

_MOVED = (refusals.NotFound, refusals.RoleMissing, refusals.AllocationNotInState)
_OPEN = (refusals.CrisisNotOpen, refusals.NeedClosed, refusals.NeedNotOpen, refusals.LineOverdue)


class CounterBody(Body):
    """What should be different; what is left out stays as it was proposed."""

    quantity: Quantity | None = None
    plan: PlanBody | None = None
    conditions: Annotated[tuple[ConditionBody, ...], Field(max_length=MOST_CONDITIONS)] = ()


class ExtendBody(Body):
    """`until`: as long as may be when left out."""

    until: GivenMoment | None = None
    plan: DispatchPlanBody


class ConditionsView(View):
    """All conditions of an allocation, oldest first."""

    items: tuple[ConditionView, ...]


@router.post(
    "/counter",
    response_model=MovedView,
    operation_id="counterAllocation",
    summary="Answer with other terms",
    responses=problem_responses(
        *_MOVED,
        *_OPEN,
        refusals.NotAwaited,
        refusals.SameParty,
        refusals.RoundsUsed,
        refusals.NothingCountered,
        refusals.QuantityAboveAllocation,
        refusals.QuantityTooLarge,
        refusals.RatioInexact,
        refusals.PlanInvalid,
        refusals.ConditionInvalid,
        InvalidQuantity,
        NotWhole,
    ),
)
async def counter(request: Request, allocation_id: UUID, body: CounterBody, caller: EitherWriter) -> Response:
    """By the side that is awaited; then the other side is. A smaller quantity declines the rest."""
    tools = parts_of(request).tools
    wanted = CounterAllocation(
        allocation_id,
        body.quantity,
        body.plan.plan() if body.plan else None,
        tuple(each.request() for each in body.conditions),
    )

    async def work(tx: Transaction) -> Answer:
        return moved_answer(await counter_allocation(tx, wanted, caller, tools))

    return await command(request, caller, work)


@router.post(
    "/cancel",
    response_model=MovedView,
    operation_id="cancelCall",
    summary="Take back a call nobody agreed to yet",
    responses=problem_responses(*_MOVED, refusals.NotACall, refusals.ReasonUnknown),
    openapi_extra=one_of(CANCEL_CALL),
)
async def cancel(request: Request, allocation_id: UUID, body: ReasonBody, caller: NeedWriter) -> Response:
    """By the desk of the area or the secretariat, with a reason."""
    tools = parts_of(request).tools

    async def work(tx: Transaction) -> Answer:
        return moved_answer(await cancel_call(tx, CancelCall(allocation_id, body.reason), caller, tools))

    return await command(request, caller, work)


@router.post(
    "/extend",
    response_model=MovedView,
    operation_id="extendHold",
    summary="Hold goods longer, on a plan for when they leave",
    responses=problem_responses(
        *_MOVED,
        refusals.CrisisNotOpen,
        refusals.LeaseOver,
        refusals.ExtensionUsed,
        refusals.ExtensionOfPledger,
        refusals.LeaseInvalid,
        refusals.PlanInvalid,
    ),
)
async def extend(request: Request, allocation_id: UUID, body: ExtendBody, caller: EitherWriter) -> Response:
    """By the pledger once, afterwards by a desk; never past the time the goods are needed."""
    tools = parts_of(request).tools
    wanted = ExtendHold(allocation_id, body.until, body.plan.plan())

    async def work(tx: Transaction) -> Answer:
        return moved_answer(await extend_hold(tx, wanted, caller, tools))

    return await command(request, caller, work)


@router.post(
    "/release",
    response_model=MovedView,
    operation_id="releaseHold",
    summary="Give held goods back to their pledger",
    responses=problem_responses(*_MOVED, refusals.SameParty, refusals.ReasonUnknown, refusals.ReasonNotSo),
    openapi_extra=one_of(RELEASE),
)
async def release(request: Request, allocation_id: UUID, body: ReasonBody, caller: NeedWriter) -> Response:
    """By a desk, for a reason that is so: requested_lowered, holder_agreed, holder_suspended or
    crisis_stood_down. Where goods are too much for their line, only the surplus goes."""
    tools = parts_of(request).tools

    async def work(tx: Transaction) -> Answer:
        return moved_answer(await release_hold(tx, ReleaseHold(allocation_id, body.reason), caller, tools))

    return await command(request, caller, work)


@router.post(
    "/release-requests",
    response_model=ReleaseRequestView,
    status_code=201,
    operation_id="requestRelease",
    summary="Ask the holder to let goods go",
    responses=problem_responses(
        *_MOVED,
        refusals.CrisisNotOpen,
        refusals.SameParty,
        refusals.ReleasePending,
        refusals.ReasonUnknown,
    ),
    openapi_extra=one_of(ASK_RELEASE),
)
async def ask(request: Request, allocation_id: UUID, body: ReasonBody, caller: EitherWriter) -> Response:
    """By a desk, or by a pledger whose own goods wait for the line. No answer in time lets them go."""
    tools = parts_of(request).tools

    async def work(tx: Transaction) -> Answer:
        done = await request_release(tx, RequestRelease(allocation_id, body.reason), caller, tools)
        return answer(requested_view(done.request), 201)

    return await command(request, caller, work)


@router.get(
    "/conditions",
    response_model=ConditionsView,
    operation_id="listConditions",
    summary="What must come true before an allocation may be accepted",
    responses=problem_responses(refusals.NotFound),
)
async def conditions(request: Request, allocation_id: UUID, caller: Reader) -> Response:
    """For both parties, the desks of the area and auditors."""
    found = await snapshot(request, lambda tx: conditions_of(tx, allocation_id, caller))
    return respond(answer({"items": [condition_view(each) for each in found]}))
