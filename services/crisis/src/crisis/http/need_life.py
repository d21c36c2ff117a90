"""An open need over time: hold, resume, heartbeat, close, re-open, relocate, attempts to reach the asker."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.needs.reasons import CLOSE, HOLD, RELOCATE, REOPEN
from crisis.http.need_judging import ReasonBody
from crisis.http.need_shapes import HandlingBody, NeedView
from crisis.http.need_views import need_view
from crisis.http.parts import NeedWriter, answer, command, parts_of, step
from crisis.http.reason_lists import one_of
from crisis.http.shapes import Body, DeviceTime, GivenMoment, PCode, Quantity, Reason
from crisis.usecases.close_need import CloseNeed, close_need
from crisis.usecases.handle_need import HandleNeed, handle_need
from crisis.usecases.heartbeat_need import HeartbeatNeed, Less, heartbeat_need
from crisis.usecases.hold_need import HoldNeed, hold_need, resume_need
from crisis.usecases.record_attempt import RecordAttempt, record_attempt
from crisis.usecases.relocate_need import RelocateNeed, relocate_need
from crisis.usecases.reopen_need import ReopenNeed, reopen_need
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.problems import problem_responses
from imece_reference.refusals import InvalidQuantity, NotWhole, UnknownPlace

router = APIRouter(prefix="/needs/{need_id}", tags=["needs"])

_ANY = (refusals.NotFound, refusals.RoleMissing)
_OPEN = (*_ANY, refusals.NeedNotInState, refusals.NeedClosed)
_ENDED = (refusals.ReasonUnknown, refusals.GoodsOnTheWay, refusals.TooFewAttempts)


class HoldBody(Body):
    """Why, and until when: at most 72 hours ahead."""

    reason: Reason
    until: GivenMoment


class LessBody(Body):
    """What of a line is still needed, in the line's unit."""

    need_line_id: UUID
    quantity: Quantity


class HeartbeatBody(Body):
    """`still` needed, `less` of some lines, or `done`."""

    said: Literal["still", "less", "done"]
    lines: Annotated[tuple[LessBody, ...], Field(max_length=50)] = ()
    device_time: DeviceTime = None


class RelocateBody(Body):
    """The new place and why."""

    district: PCode
    reason: Reason


class AttemptBody(Body):
    """How somebody tried to reach the asker."""

    channel: Literal["phone", "message", "visit", "radio"]


class AttemptedView(NeedView):
    """The need; `attempts` count since it was last confirmed, those in one way once an hour."""

    attempts: int


@router.post(
    "/hold",
    response_model=NeedView,
    operation_id="holdNeed",
    summary="Take no new promises for a while",
    responses=problem_responses(*_OPEN, refusals.CrisisNotOpen, refusals.ReasonUnknown, refusals.HoldInvalid),
    openapi_extra=one_of(HOLD),
)
async def hold(request: Request, need_id: UUID, body: HoldBody, caller: NeedWriter) -> Response:
    """By a desk of the area; what was promised goes on, and at `until` the need is open again."""
    tools = parts_of(request).tools
    wanted = HoldNeed(need_id, body.reason, body.until)

    async def work(tx: Transaction) -> Answer:
        return answer(need_view(await hold_need(tx, wanted, caller, tools)))

    return await command(request, caller, work)


@router.post(
    "/handling",
    response_model=NeedView,
    operation_id="handleNeed",
    summary="Say how sensitive a need is, to whom it is offered, its channel and its site",
    responses=problem_responses(*_OPEN, refusals.HandlingUnchanged),
)
async def handle(request: Request, need_id: UUID, body: HandlingBody, caller: NeedWriter) -> Response:
    """By its organisation or a desk of the area, once it is submitted; a draft is said anew with PUT."""
    tools = parts_of(request).tools
    wanted = HandleNeed(need_id, body.handling())

    async def work(tx: Transaction) -> Answer:
        return answer(need_view(await handle_need(tx, wanted, caller, tools), sees_place=True))

    return await command(request, caller, work)


@router.post(
    "/resume",
    response_model=NeedView,
    operation_id="resumeNeed",
    summary="End a hold",
    responses=problem_responses(*_OPEN),
)
async def resume(request: Request, need_id: UUID, caller: NeedWriter) -> Response:
    """By a desk of the area."""
    return await step(request, caller, resume_need, need_id, need_view)


@router.post(
    "/heartbeat",
    response_model=NeedView,
    operation_id="heartbeatNeed",
    summary="Say whether a need still stands",
    responses=problem_responses(
        *_OPEN,
        *_ENDED,
        refusals.CrisisNotOpen,
        refusals.NotLess,
        refusals.BelowCommitted,
        InvalidQuantity,
        NotWhole,
    ),
)
async def heartbeat(request: Request, need_id: UUID, body: HeartbeatBody, caller: NeedWriter) -> Response:
    """By the asker or a desk. `less` lowers the lines named, `done` closes the need as met by others."""
    tools = parts_of(request).tools
    less = tuple(Less(line.need_line_id, line.quantity) for line in body.lines)
    wanted = HeartbeatNeed(need_id, body.said, less if body.said == "less" else (), body.device_time)

    async def work(tx: Transaction) -> Answer:
        return answer(need_view(await heartbeat_need(tx, wanted, caller, tools)))

    return await command(request, caller, work)


@router.post(
    "/close",
    response_model=NeedView,
    operation_id="closeNeed",
    summary="End a need",
    responses=problem_responses(*_OPEN, *_ENDED),
    openapi_extra=one_of(CLOSE),
)
async def close(request: Request, need_id: UUID, body: ReasonBody, caller: NeedWriter) -> Response:
    """By the asker or a desk; holds are released, goods on their way come first."""
    return await step(request, caller, close_need, CloseNeed(need_id, body.reason), need_view)


@router.post(
    "/reopen",
    response_model=NeedView,
    operation_id="reopenNeed",
    summary="Open a closed need again",
    responses=problem_responses(
        *_ANY,
        refusals.CrisisNotOpen,
        refusals.NeedNotInState,
        refusals.NeverOpened,
        refusals.NeedMerged,
        refusals.NeedReopenTooLate,
        refusals.ReasonUnknown,
    ),
    openapi_extra=one_of(REOPEN),
)
async def reopen(request: Request, need_id: UUID, body: ReasonBody, caller: NeedWriter) -> Response:
    """By a desk of the area, within fourteen days."""
    return await step(request, caller, reopen_need, ReopenNeed(need_id, body.reason), need_view)


@router.post(
    "/relocate",
    response_model=NeedView,
    operation_id="relocateNeed",
    summary="Move a need to another place",
    responses=problem_responses(
        *_OPEN,
        refusals.CrisisNotOpen,
        refusals.PlaceOutsideArea,
        refusals.SamePlace,
        refusals.RelocationBreaksEarmark,
        refusals.ReasonUnknown,
        UnknownPlace,
    ),
    openapi_extra=one_of(RELOCATE),
)
async def relocate(request: Request, need_id: UUID, body: RelocateBody, caller: NeedWriter) -> Response:
    """By a desk of both places; goods on the road become tasks to divert them."""
    tools = parts_of(request).tools
    wanted = RelocateNeed(need_id, body.district, body.reason)

    async def work(tx: Transaction) -> Answer:
        return answer(need_view(await relocate_need(tx, wanted, caller, tools)))

    return await command(request, caller, work)


@router.post(
    "/attempts",
    status_code=201,
    response_model=AttemptedView,
    operation_id="recordAttempt",
    summary="Note that the asker could not be reached",
    responses=problem_responses(*_OPEN, refusals.SameParty),
)
async def attempt(request: Request, need_id: UUID, body: AttemptBody, caller: NeedWriter) -> Response:
    """By a desk or verifier of another organisation; after three a desk may close the need as unreachable."""
    tools = parts_of(request).tools

    async def work(tx: Transaction) -> Answer:
        done = await record_attempt(tx, RecordAttempt(need_id, body.channel), caller, tools)
        return answer({**need_view(done.need), "attempts": done.attempts}, 201)

    return await command(request, caller, work)
