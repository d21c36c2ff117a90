"""/allocations/{id}: answer a proposal, take it back, read its history."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.answers import Rest
from crisis.domain.reasons import DECLINE, OVERRIDE, STOCK_GONE, WITHDRAW
from crisis.domain.units import plain
from crisis.events import moment, vector
from crisis.http.allocation_shapes import AllocationView, MovedView
from crisis.http.corrections import correction_view
from crisis.http.parts import (
    EitherWriter,
    PledgeWriter,
    Reader,
    command,
    parts_of,
    refusing,
    route_of,
    snapshot,
    versioned,
)
from crisis.http.places import place_view
from crisis.http.reason_lists import one_of
from crisis.http.shapes import Body, DeviceTime, Quantity, Reason
from crisis.http.views import Document, allocation_view, moved_answer
from crisis.usecases import reading
from crisis.usecases.accept_allocation import AcceptAllocation, accept_allocation
from crisis.usecases.asked import Asked
from crisis.usecases.decline_allocation import DeclineAllocation, decline_allocation
from crisis.usecases.moves_together import KeyedMove
from crisis.usecases.refuse_for_room import Refused
from crisis.usecases.withdraw_allocation import WithdrawAllocation, withdraw_allocation
from imece_chassis import context
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.bodies import may_be_left_out
from imece_chassis.http.etags import NOT_MODIFIED, stated_versions
from imece_chassis.http.idempotent import read_key, request_of
from imece_chassis.http.problems import problem_responses
from imece_chassis.http.responses import respond
from imece_reference.refusals import InvalidQuantity, NotWhole

router = APIRouter(prefix="/allocations/{allocation_id}", tags=["allocations"])


class AcceptBody(Body):
    """`quantity` in the line's unit (all of it when left out); `rest`: what becomes of what is not taken.

    `override_reason`: why a desk takes from a pledger above the hoarding limit.
    """

    quantity: Quantity | None = None
    rest: Literal["decline", "waitlist"] | None = None
    override_reason: Reason | None = None
    device_time: DeviceTime = None


class ReasonBody(Body):
    """Why: a code of the reason list."""

    reason: Reason


class _WithoutRoom(Exception):
    """Carries a refusal out of its transaction untold, so that its key stays free for the whole answer."""

    def __init__(self, found: refusals.GapExceeded) -> None:
        super().__init__(str(found))
        self.found = found


_ANSWERED = (refusals.NotFound, refusals.RoleMissing, refusals.AllocationNotInState)


@router.post(
    "/accept",
    response_model=MovedView,
    operation_id="acceptAllocation",
    summary="Take a proposal, as far as there is room",
    responses=problem_responses(
        *_ANSWERED,
        refusals.NotAwaited,
        refusals.SameParty,
        refusals.CrisisNotOpen,
        refusals.OfferNotInState,
        refusals.NeedClosed,
        refusals.NeedNotOpen,
        refusals.LineOverdue,
        refusals.GapExceeded,
        refusals.QuantityAboveAllocation,
        refusals.QuantityTooLarge,
        refusals.RestRequired,
        refusals.RatioInexact,
        refusals.ConditionOpen,
        refusals.HoardingLimit,
        refusals.CallAboveOwnThreshold,
        refusals.SameKey,
        refusals.ReasonUnknown,
        InvalidQuantity,
        NotWhole,
    ),
    openapi_extra=one_of(OVERRIDE, "override_reason", may_be_null=True),
)
async def accept(
    request: Request,
    allocation_id: UUID,
    body: Annotated[AcceptBody, may_be_left_out(AcceptBody)],
    caller: EitherWriter,
) -> Response:
    """By the side that is awaited: a desk of the area, or the asker where a desk delegated it; for a call,
    the pledger. An override is a desk's.

    Without `rest` more than the room is refused, naming the room, the gap and the `place` the row has or
    would have on the waiting list; with it the rest is declined or put on the
    waiting list, and the answer is the held part.
    """
    # Accepts that arrive together share a transaction; one that depends on a version stands alone.
    parts = parts_of(request)
    rest = Rest(body.rest) if body.rest else None
    wanted = AcceptAllocation(allocation_id, body.quantity, rest, body.override_reason, body.device_time)
    key = request_of(caller, route_of(request), read_key(request), await request.body())

    async def work(tx: Transaction) -> Answer:
        try:
            return moved_answer(await accept_allocation(tx, wanted, caller, parts.tools))
        except refusals.GapExceeded as found:
            raise _WithoutRoom(found) from found

    try:
        if stated_versions(request) is not None:
            return await command(request, caller, work)
        asked = Asked(wanted, caller, context.traceparent())
        outcome = await parts.accepts.submit(KeyedMove(asked, key, refusing(request)))
    except (refusals.GapExceeded, _WithoutRoom) as without_room:
        found = without_room.found if isinstance(without_room, _WithoutRoom) else without_room
        told = Refused(allocation_id, found, key, refusing(request))
        outcome = await parts.without_room.submit(told)
    return respond(outcome.answer, outcome.is_replayed)


@router.post(
    "/decline",
    response_model=MovedView,
    operation_id="declineAllocation",
    summary="Say no to a proposal",
    responses=problem_responses(*_ANSWERED, refusals.NotAwaited, refusals.ReasonUnknown),
    openapi_extra=one_of(DECLINE),
)
async def decline(request: Request, allocation_id: UUID, body: ReasonBody, caller: EitherWriter) -> Response:
    """By the side that is awaited, with a reason. A pledger who hears no is shown the three nearest gaps."""
    tools = parts_of(request).tools

    async def work(tx: Transaction) -> Answer:
        wanted = DeclineAllocation(allocation_id, body.reason)
        return moved_answer(await decline_allocation(tx, wanted, caller, tools))

    return await command(request, caller, work)


@router.post(
    "/withdraw",
    response_model=MovedView,
    operation_id="withdrawAllocation",
    summary="Take a promise back",
    responses=problem_responses(*_ANSWERED, refusals.ReasonUnknown),
    openapi_extra=one_of(WITHDRAW),
)
async def withdraw(request: Request, allocation_id: UUID, body: ReasonBody, caller: PledgeWriter) -> Response:
    """By the organisation that pledged, before dispatch, with a reason."""
    # As with accepts. Goods that are gone leave their offer, which is locked before any need line.
    parts = parts_of(request)
    wanted = WithdrawAllocation(allocation_id, body.reason)

    async def work(tx: Transaction) -> Answer:
        return moved_answer(await withdraw_allocation(tx, wanted, caller, parts.tools))

    if body.reason == STOCK_GONE or stated_versions(request) is not None:
        return await command(request, caller, work)
    key = request_of(caller, route_of(request), read_key(request), await request.body())
    asked = Asked(wanted, caller, context.traceparent())
    outcome = await parts.withdrawals.submit(KeyedMove(asked, key, refusing(request)))
    return respond(outcome.answer, outcome.is_replayed)


@router.get(
    "",
    response_model=AllocationView,
    operation_id="getAllocation",
    summary="One allocation with its history",
    responses={**NOT_MODIFIED, **problem_responses(refusals.NotFound)},
)
async def one(request: Request, allocation_id: UUID, caller: Reader) -> Response:
    """For both parties, the desks of the area and auditors; 404 for everybody else."""
    now = parts_of(request).tools.clock.now()
    told = await snapshot(request, lambda tx: reading.allocation(tx, allocation_id, caller, now))
    return versioned(request, told_view(told))


def told_view(told: reading.Told) -> Document:
    """An allocation with its line and history."""
    document: Document = allocation_view(told.row, told.line)
    document["line"] = orjson.Fragment(vector(told.line, told.balance))
    document["successors"] = [
        {
            "allocation_id": row.allocation_id,
            "state": row.state.value,
            "quantity": plain(row.qty),
            "unit": told.line.unit,
            "awaiting": row.awaiting,
            "deadline_at": moment(row.clock.due_at) if row.clock else None,
        }
        for row in told.row.successors
    ]
    document["corrections"] = [correction_view(each) for each in told.corrections]
    corrections = {each.command_id for each in told.corrections}
    document["history"] = [
        {
            "command_id": entry.command_id,
            "allocation_id": entry.allocation_id,
            "line_version": entry.line_version,
            "from_state": entry.from_state,
            "to_state": entry.to_state.value,
            "quantity": plain(entry.qty),
            "at": moment(entry.at),
            "device_time": _claimed(told.device_times.get(entry.command_id)),
            "is_correction": entry.command_id in corrections,
        }
        for entry in told.history
    ]
    clock = told.row.clock
    document["is_not_reached"] = clock is not None and clock.paused_since is not None
    document["place"] = place_view(told.queued) if told.queued else None
    return document


def _claimed(device_at: datetime | None) -> str | None:
    return None if device_at is None else moment(device_at)
