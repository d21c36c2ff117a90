"""/orders: stop goods for an area ("göndermeyin"), confirm with a second key, lift, read what is stopped."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.orders import OrderRequest, SaturationOrder
from crisis.domain.reasons import SATURATE
from crisis.events import moment
from crisis.http import own_ids
from crisis.http.lists import SINCE, ChangesPageView, began, page_answer
from crisis.http.parts import NeedWriter, Reader, answer, command, parts_of, snapshot, step, versioned
from crisis.http.reason_lists import one_of
from crisis.http.shapes import Body, Cursor, GivenMoment, PCode, Reason, View
from crisis.http.views import Document
from crisis.store.orders import OrderFilter
from crisis.usecases.confirm_order import confirm_order
from crisis.usecases.issue_order import issue_order
from crisis.usecases.lift_order import lift_order
from crisis.usecases.reading_orders import order, orders
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.etags import NOT_MODIFIED
from imece_chassis.http.paging import DEFAULT_LIMIT, MAX_LIMIT, CursorInvalid, filters_of
from imece_chassis.http.problems import problem_responses
from imece_reference.refusals import UnknownItem, UnknownPlace

router = APIRouter(tags=["orders"])

_STATED = (
    refusals.NotFound,
    refusals.RoleMissing,
    refusals.CrisisNotOpen,
    refusals.PlaceOutsideArea,
    refusals.OrderNamesOneThing,
    refusals.OrderEndInvalid,
    refusals.GroupUnknown,
    refusals.ItemNotGoods,
    refusals.ReasonUnknown,
    UnknownItem,
    UnknownPlace,
)

State = Literal["provisional", "active", "lapsed"]


class OrderBody(Body):
    """What to stop: an item or a group of items, where, until when (14 d at most) and why.

    `depot` is a place trucks on the road may turn to. Life-saving lines go on unless the order names them.
    """

    crisis_id: UUID
    item_code: Annotated[str, Field(min_length=1, max_length=40, examples=["SHL-TENT-FAM"])] | None = None
    item_group: Annotated[str, Field(min_length=1, max_length=20, examples=["BAR"])] | None = None
    area: Annotated[tuple[PCode, ...], Field(min_length=1, max_length=1000)]
    until: GivenMoment
    reason: Reason
    depot: PCode | None = None
    names_life_saving: bool = False


class OrderView(View):
    """A saturation order. `deadline_at` is when it lapses unless somebody acts."""

    order_id: UUID
    crisis_id: UUID
    is_drill: bool
    item_code: str | None
    item_group: str | None
    area: tuple[str, ...]
    issued_at: datetime
    until: datetime
    reason: str
    depot: str | None
    names_life_saving: bool
    state: State
    state_since: datetime
    first_org_id: UUID
    first_role: str
    second_org_id: UUID | None
    lapse_reason: Literal["no_second_key", "ended", "lifted"] | None
    deadline_at: datetime | None
    version: int


class OrderItemView(OrderView):
    """An order and when it last changed."""

    changed_at: datetime


class OrderPage(ChangesPageView):
    """Orders, newest first, or in the order of their change."""

    items: tuple[OrderItemView, ...]


@router.post(
    "/orders",
    status_code=201,
    response_model=OrderView,
    operation_id="issueOrder",
    summary="Stop goods for an area",
    responses=problem_responses(*_STATED),
    openapi_extra=one_of(SATURATE),
)
async def issue(request: Request, body: OrderBody, caller: NeedWriter) -> Response:
    """By a desk of every place in the area, on one key. It counts at once and lapses after 12 h alone.

    Pledges made before are turned away within a minute, each with the nearest places that miss the goods.
    """
    tools = parts_of(request).tools

    async def work(tx: Transaction) -> Answer:
        issued = await issue_order(tx, body.crisis_id, _stated(body), caller, tools)
        return answer(order_view(issued), 201, f"/orders/{issued.order_id}")

    return await command(request, caller, work)


@router.put(
    "/orders/{order_id}",
    response_model=OrderView,
    operation_id="putOrder",
    summary="Stop goods for an area under an id of your own",
    responses={
        201: {"model": OrderView, "description": "The order is new"},
        **problem_responses(*_STATED, *own_ids.REFUSED),
    },
    openapi_extra=one_of(SATURATE),
)
async def put(request: Request, order_id: UUID, body: OrderBody, caller: NeedWriter) -> Response:
    """Sending it twice stops them once, however much later: no key is needed. `order_id` is a new UUIDv7.

    The answer is the order as it is now, lapsed ones too; other words than the first time are refused.
    """
    tools = parts_of(request).tools
    return await own_ids.put(
        request,
        caller,
        order_id,
        body,
        find=lambda tx: order(tx, order_id),
        make=lambda tx: issue_order(tx, body.crisis_id, _stated(body, order_id), caller, tools),
        view=order_view,
        location=f"/orders/{order_id}",
    )


@router.post(
    "/orders/{order_id}/confirm",
    response_model=OrderView,
    operation_id="confirmOrder",
    summary="Keep goods stopped, with a second key",
    responses=problem_responses(
        refusals.NotFound, refusals.RoleMissing, refusals.OrderNotInState, refusals.SameKey
    ),
)
async def confirm(request: Request, order_id: UUID, caller: NeedWriter) -> Response:
    """By the secretariat, with another key than the one that issued it."""
    return await step(request, caller, confirm_order, order_id, order_view)


@router.post(
    "/orders/{order_id}/lift",
    response_model=OrderView,
    operation_id="liftOrder",
    summary="Let goods move again",
    responses=problem_responses(refusals.NotFound, refusals.RoleMissing, refusals.OrderNotInState),
)
async def lift(request: Request, order_id: UUID, caller: NeedWriter) -> Response:
    """A provisional order by a desk of its area, an active one by the secretariat."""
    return await step(request, caller, lift_order, order_id, order_view)


@router.get(
    "/orders/{order_id}",
    response_model=OrderView,
    operation_id="getOrder",
    summary="One order",
    responses={**NOT_MODIFIED, **problem_responses(refusals.NotFound)},
)
async def one(request: Request, order_id: UUID, caller: Reader) -> Response:
    """Every member may read it."""
    return versioned(request, order_view(await snapshot(request, lambda tx: order(tx, order_id))))


@router.get(
    "/crises/{crisis_id}/orders",
    response_model=OrderPage,
    operation_id="listOrders",
    summary="Orders of a crisis, newest first or as they change",
    responses=problem_responses(refusals.NotFound, CursorInvalid),
)
async def page(
    request: Request,
    crisis_id: UUID,
    caller: Reader,
    state: Annotated[State | None, Query(description="Only this state")] = None,
    updated_since: Annotated[GivenMoment | None, Query(description=SINCE)] = None,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """Follow `next_cursor` or the Link header; followed with `updated_since` as the list of pledges is."""
    cursors = parts_of(request).cursors("orders")
    place, wanted = (
        cursors.page(cursor, limit, filters_of(request)),
        OrderFilter(crisis_id, state, updated_since),
    )
    after, walk_began = began(place.after)
    found = await snapshot(request, lambda tx: orders(tx, wanted, after, place.limit + 1))
    rows = [{**order_view(each), "changed_at": moment(changed_at)} for each, changed_at in found.rows]
    keys = "order_id" if updated_since is None else ("changed_at", "order_id")
    return page_answer(request, cursors, rows, keys, place.limit, read_at=walk_began or found.at)


def _stated(body: OrderBody, order_id: UUID | None = None) -> OrderRequest:
    return OrderRequest(
        item_code=body.item_code,
        item_group=body.item_group,
        area=body.area,
        until=body.until,
        reason=body.reason,
        depot=body.depot,
        names_life_saving=body.names_life_saving,
        order_id=order_id,
    )


def order_view(order: SaturationOrder) -> Document:
    """One order."""
    return {
        "order_id": order.order_id,
        "crisis_id": order.crisis_id,
        "is_drill": order.is_drill,
        "item_code": order.item_code,
        "item_group": order.item_group,
        "area": order.area,
        "issued_at": moment(order.issued_at),
        "until": moment(order.until),
        "reason": order.reason,
        "depot": order.depot,
        "names_life_saving": order.names_life_saving,
        "state": order.state.value,
        "state_since": moment(order.state_since),
        "first_org_id": order.first_org_id,
        "first_role": order.first_role,
        "second_org_id": order.second_org_id,
        "lapse_reason": order.lapse_reason,
        "deadline_at": moment(order.due_at) if order.due_at else None,
        "version": order.version,
    }
