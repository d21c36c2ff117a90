"""/crises/{id}/needs and /needs/{id}: state a need, verify it, read it."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.clocks import Urgency as UrgencyCode
from crisis.domain.needs import LineRequest
from crisis.http.lists import PageView, page_answer
from crisis.http.parts import NeedWriter, Reader, answer, command, parts_of, snapshot
from crisis.http.shapes import (
    Body,
    Cursor,
    GivenMoment,
    LineView,
    PackView,
    PCode,
    Quantity,
    Unit,
    Urgency,
    View,
)
from crisis.http.views import need_view
from crisis.usecases import reading
from crisis.usecases.submit_need import SubmitNeed, submit_need
from crisis.usecases.verify_need import VerifyNeed, verify_need
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.paging import DEFAULT_LIMIT, MAX_LIMIT, CursorInvalid, filters_of
from imece_chassis.http.problems import problem_responses
from imece_chassis.http.responses import respond
from imece_reference.refusals import InvalidQuantity, NotWhole, UnknownItem, UnknownPlace, UnknownUnit

router = APIRouter(tags=["needs"])

State = Literal["draft", "submitted", "returned", "open", "on_hold", "closed"]


class LineBody(Body):
    """One item that is missing."""

    item_code: Annotated[str, Field(min_length=1, max_length=40, examples=["SHL-TENT-FAM"])]
    quantity: Quantity
    unit: Unit
    needed_by: GivenMoment
    min_useful_quantity: Quantity | None = None


class NeedBody(Body):
    """What is missing at one place."""

    district: PCode
    urgency: Urgency
    lines: Annotated[list[LineBody], Field(min_length=1, max_length=50)]


class VerifyBody(Body):
    """1 by phone, 2 on site, 3 by an authority."""

    level: Annotated[int, Field(ge=1, le=3)]


class NeedLineView(View):
    """A line as stated; `line` is its vector once figures exist for it."""

    need_line_id: UUID
    item_code: str
    quantity: str
    unit: str
    entered_as: PackView
    min_useful_quantity: str
    needed_by: str
    sector: str
    tamp_group: str
    line: LineView | None


class NeedView(View):
    """A need with its lines."""

    need_id: UUID
    crisis_id: UUID
    is_drill: bool
    asker_org_id: UUID
    district: str
    urgency: Urgency
    state: State
    verification: int
    close_reason: str | None
    version: int
    lines: tuple[NeedLineView, ...]


class NeedPage(PageView):
    """Needs, newest first."""

    items: tuple[NeedView, ...]


@router.post(
    "/crises/{crisis_id}/needs",
    status_code=201,
    response_model=NeedView,
    operation_id="submitNeed",
    summary="State what is missing",
    responses=problem_responses(
        refusals.NotFound,
        refusals.RoleMissing,
        refusals.CrisisNotOpen,
        refusals.PlaceOutsideArea,
        refusals.ItemNotGoods,
        refusals.NeededByPast,
        refusals.MinUsefulAboveRequested,
        refusals.QuantityTooLarge,
        UnknownPlace,
        UnknownItem,
        UnknownUnit,
        InvalidQuantity,
        NotWhole,
    ),
)
async def submit(request: Request, crisis_id: UUID, body: NeedBody, caller: NeedWriter) -> Response:
    """The caller's organisation asks. Packs are converted to base units and the factor is frozen."""
    tools = parts_of(request).tools
    wanted = SubmitNeed(
        crisis_id=crisis_id,
        district=body.district,
        urgency=UrgencyCode(body.urgency),
        lines=tuple(
            LineRequest(line.item_code, line.quantity, line.unit, line.needed_by, line.min_useful_quantity)
            for line in body.lines
        ),
    )

    async def work(tx: Transaction) -> Answer:
        need = await submit_need(tx, wanted, caller, tools)
        return answer(need_view(need), 201, f"/needs/{need.need_id}")

    return await command(request, caller, work)


@router.post(
    "/needs/{need_id}/verify",
    response_model=NeedView,
    operation_id="verifyNeed",
    summary="Vouch for a need and open it",
    responses=problem_responses(
        refusals.NotFound,
        refusals.RoleMissing,
        refusals.CrisisNotOpen,
        refusals.NeedClosed,
        refusals.NeedNotSubmitted,
        refusals.SameParty,
    ),
)
async def verify(request: Request, need_id: UUID, body: VerifyBody, caller: NeedWriter) -> Response:
    """By a desk of the area or a verifier of another organisation than the asker's."""
    tools = parts_of(request).tools

    async def work(tx: Transaction) -> Answer:
        need = await verify_need(tx, VerifyNeed(need_id, body.level), caller, tools)
        return answer(need_view(need))

    return await command(request, caller, work)


@router.get(
    "/needs/{need_id}",
    response_model=NeedView,
    operation_id="getNeed",
    summary="One need with its lines and their figures",
    responses=problem_responses(refusals.NotFound),
)
async def one(request: Request, need_id: UUID, caller: Reader) -> Response:
    """Every member may read it."""
    need, lines = await snapshot(request, lambda tx: reading.need(tx, need_id))
    return respond(answer(need_view(need, lines)))


@router.get(
    "/crises/{crisis_id}/needs",
    response_model=NeedPage,
    operation_id="listNeeds",
    summary="Needs of a crisis, newest first",
    responses=problem_responses(refusals.NotFound, CursorInvalid),
)
async def page(
    request: Request,
    crisis_id: UUID,
    caller: Reader,
    state: Annotated[State | None, Query(description="Only this state")] = None,
    mine: Annotated[bool, Query(description="Only needs of the caller's organisation")] = False,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """Follow `next_cursor` or the Link header."""
    cursors = parts_of(request).cursors["needs"]
    wanted = cursors.page(cursor, limit, filters_of(request))
    asker = caller.organisation_id if mine else None
    found = await snapshot(
        request, lambda tx: reading.needs(tx, crisis_id, state, asker, wanted.after, wanted.limit + 1)
    )
    return page_answer(
        request, cursors, [need_view(need, lines) for need, lines in found], "need_id", wanted.limit
    )
