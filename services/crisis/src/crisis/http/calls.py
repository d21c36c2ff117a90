"""/need-lines/{id}/calls: a desk asks for goods of an open offer."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.http.allocations import MovedView
from crisis.http.parts import NeedWriter, command, parts_of
from crisis.http.shapes import Body, Quantity, Unit
from crisis.http.term_shapes import MOST_CONDITIONS, ConditionBody, PlanBody
from crisis.http.views import moved_answer
from crisis.usecases.call_offer import CallOffer, call_offer
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.problems import problem_responses
from imece_reference.refusals import InvalidQuantity, NotWhole, UnknownUnit

router = APIRouter(prefix="/need-lines/{need_line_id}", tags=["need lines"])


class CallBody(Body):
    """How much of which offer line; `unit` of the item the offer gives."""

    offer_line_id: UUID
    quantity: Quantity
    unit: Unit
    plan: PlanBody | None = None
    conditions: Annotated[tuple[ConditionBody, ...], Field(max_length=MOST_CONDITIONS)] = ()


@router.post(
    "/calls",
    response_model=MovedView,
    status_code=201,
    operation_id="callOffer",
    summary="Call goods of an open offer for a line",
    responses=problem_responses(
        refusals.NotFound,
        refusals.RoleMissing,
        refusals.SameParty,
        refusals.CrisisNotOpen,
        refusals.NeedClosed,
        refusals.NeedNotOpen,
        refusals.NeedStale,
        refusals.LineOverdue,
        refusals.OfferNotInState,
        refusals.OfferOver,
        refusals.Saturated,
        refusals.SupplyExceeded,
        refusals.StepBroken,
        refusals.GapExceeded,
        refusals.ItemNotEqual,
        refusals.EarmarkMismatch,
        refusals.RatioInexact,
        refusals.TooSmall,
        refusals.QuantityTooLarge,
        refusals.LineFull,
        refusals.PlanInvalid,
        refusals.ConditionInvalid,
        InvalidQuantity,
        NotWhole,
        UnknownUnit,
    ),
)
async def call(request: Request, need_line_id: UUID, body: CallBody, caller: NeedWriter) -> Response:
    """By the desk of the area or the secretariat; the pledger must agree.

    More than is free is refused, naming what is.
    """
    tools = parts_of(request).tools
    wanted = CallOffer(
        need_line_id,
        body.offer_line_id,
        body.quantity,
        body.unit,
        body.plan.plan() if body.plan else None,
        tuple(each.request() for each in body.conditions),
    )

    async def work(tx: Transaction) -> Answer:
        moved = await call_offer(tx, wanted, caller, tools)
        where = (("location", f"/allocations/{moved.rows[0].allocation_id}"),)
        return moved_answer(moved, 201, where)

    return await command(request, caller, work)
