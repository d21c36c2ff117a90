"""/crises/{id}/pledges: promise goods for a need line, one or many at a time.

Single pledges that arrive together share a transaction; lines of a bulk stand each for themselves.
"""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.pledges import PledgeRequest
from crisis.events import json_bytes, moment
from crisis.http.filters import PledgeQuery
from crisis.http.lists import began, page_answer
from crisis.http.parts import Reader, may_pledge, parts_of, refusing, route_of, snapshot
from crisis.http.pledge_shapes import PledgeBody, PledgePage, PledgeView
from crisis.http.views import allocation_view
from crisis.usecases import reading
from crisis.usecases.batch import Outcome
from crisis.usecases.propose_allocations import ProposeAllocation
from imece_chassis import context, idempotency
from imece_chassis.access.caller import Caller
from imece_chassis.answers import Answer, json_answer
from imece_chassis.http.idempotent import IdempotencyKeyRequired, parse_key, read_key, request_of
from imece_chassis.http.lean import lean_route, parse
from imece_chassis.http.paging import CursorInvalid, filters_of
from imece_chassis.http.problems import Problem, is_refusal, problem_responses, render
from imece_chassis.http.responses import instance_of, language_of, respond
from imece_chassis.http.said_once import must_name_once
from imece_chassis.http.validation import MalformedJson
from imece_reference.refusals import InvalidQuantity, NotWhole, UnknownPlace, UnknownUnit

router = APIRouter(tags=["pledges"])

NDJSON = "application/x-ndjson"
MAX_LINES = 500
LINES_PER_TRANSACTION = 100  # a bulk of 500 holds its line locks in five short steps, not in one long one


class TooManyLines(Problem):
    """The bulk has too many lines."""

    status = 413
    tr = "Toplu istekte çok fazla satır var"
    cause_en = "One bulk is limited so that others are not kept waiting behind it."
    cause_tr = "Toplu istek sınırlıdır; arkasında başkaları beklemesin."
    fix_en = "Split it into several requests of at most limit lines, each with its own Idempotency-Key."
    fix_tr = "En çok limit kalemli birkaç isteğe bölün; her birinin kendi Idempotency-Key değeri olsun."
    detail_en = "{lines} lines; at most {limit}."
    detail_tr = "{lines} satır; en çok {limit}."


async def pledge(request: Request, body: PledgeBody, caller: Caller) -> Response:
    """Promise goods for a need line. The answer leaves after the commit.

    The desk of its seat, or the secretariat, may write down what an organisation without a key that may
    promise says, named in `on_behalf_of`: marked wherever it is shown, open to its objection for a day.

    With content type application/x-ndjson: up to 500 lines, each this object with an `idempotency_key`; the
    answer is 207 with {results: [{line, status, body}]}, and no line spoils another.
    """
    key = request_of(caller, route_of(request), read_key(request), await request.body())
    outcome = await parts_of(request).pledges.submit(_command(request, body, caller, key, refusing(request)))
    return respond(outcome.answer, outcome.is_replayed)


async def pledges(request: Request, body: bytes, caller: Caller) -> Response:
    """Many pledges in one request."""
    lines = [(number, text) for number, text in enumerate(body.split(b"\n"), 1) if text.strip()]
    if len(lines) > MAX_LINES:
        raise TooManyLines(lines=str(len(lines)), limit=str(MAX_LINES))
    refusal = refusing(request)
    results: dict[int, Outcome | Exception] = {}
    commands: dict[int, ProposeAllocation] = {}
    for number, text in lines:
        try:
            commands[number] = _line(request, text, caller, refusal)
        except Exception as refused:
            if not is_refusal(refused):
                raise
            results[number] = refused
    numbers = list(commands)
    for start in range(0, len(numbers), LINES_PER_TRANSACTION):
        part = numbers[start : start + LINES_PER_TRANSACTION]
        results.update(
            zip(part, await _together(request, [commands[number] for number in part]), strict=True)
        )
    shown = [_result(request, number, results[number]) for number, _ in lines]
    return respond(json_answer(json_bytes({"results": shown}), 207))


async def _together(request: Request, commands: list[ProposeAllocation]) -> list[Outcome | Exception]:
    """One outcome per command; a database that went away is the outcome of each of them."""
    parts = parts_of(request)
    try:
        async with parts.bulk_turn:
            return await parts.propose(commands)
    except Exception as error:
        if not is_refusal(error):
            raise
        return [error] * len(commands)


def _line(
    request: Request, text: bytes, caller: Caller, refusal: Callable[[Exception], Answer | None]
) -> ProposeAllocation:
    try:
        document: Any = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise MalformedJson from None
    must_name_once(text)
    stated: Any = None
    if isinstance(document, dict):
        members: dict[str, Any] = document  # pyright: ignore[reportUnknownVariableType]
        stated = members.pop("idempotency_key", None)
    try:
        bare = json_bytes(document)
    except orjson.JSONEncodeError:  # nested deeper than it can be written again
        raise MalformedJson from None
    body = parse(PledgeBody, bare, language_of(request))
    assert isinstance(body, PledgeBody)
    if not isinstance(stated, str):
        raise IdempotencyKeyRequired
    key = request_of(caller, route_of(request), parse_key(stated), bare)
    return _command(request, body, caller, key, refusal)


def _command(
    request: Request,
    body: PledgeBody,
    caller: Caller,
    key: idempotency.Request,
    refusal: Callable[[Exception], Answer | None],
) -> ProposeAllocation:
    return ProposeAllocation(
        crisis_id=request.path_params["crisis_id"],
        pledge=stated(body, caller),
        caller=caller,
        key=key,
        refusal=refusal,
        traceparent=context.traceparent(),
        device_at=body.device_time,
    )


def stated(body: PledgeBody, caller: Caller, pledge_id: UUID | None = None) -> PledgeRequest:
    """The pledge as the domain takes it; `pledge_id` is an id of the caller's own."""
    return PledgeRequest(
        need_line_id=body.need_line_id,
        pledger_org_id=body.on_behalf_of or caller.organisation_id,
        quantity=body.quantity,
        unit=body.unit,
        origin=body.origin or "",
        ready_within_minutes=body.ready_within_minutes,
        has_transport=body.has_transport,
        offer_line_id=body.offer_line_id,
        plan=body.plan.plan() if body.plan else None,
        conditions=tuple(each.request() for each in body.conditions),
        allocation_id=pledge_id,
        written_by_org_id=caller.organisation_id if body.on_behalf_of else None,
    )


def _result(request: Request, number: int, outcome: Outcome | Exception) -> dict[str, Any]:
    if isinstance(outcome, Outcome):
        answered, is_replayed = outcome.answer, outcome.is_replayed
    else:
        answered = render(outcome, language_of(request), context.request_id(), instance_of(request))
        is_replayed = False
    return {
        "line": number,
        "status": answered.status,
        "is_replayed": is_replayed,
        "body": orjson.Fragment(answered.body),
    }


REFUSED = (
    refusals.NotFound,
    refusals.RoleMissing,
    refusals.CrisisNotOpen,
    refusals.NeedClosed,
    refusals.NeedNotOpen,
    refusals.LineOverdue,
    refusals.SameParty,
    refusals.OfferNotInState,
    refusals.OfferOver,
    refusals.SupplyExceeded,
    refusals.StepBroken,
    refusals.ItemNotEqual,
    refusals.EarmarkMismatch,
    refusals.RatioInexact,
    refusals.ConditionInvalid,
    refusals.PlanInvalid,
    refusals.Saturated,
    refusals.OrganisationMayNotAct,
    refusals.OrganisationHasAccess,
    refusals.OfferNotOnBehalf,
    refusals.OfferWrittenByAnother,
    refusals.OnBehalfNotOpen,
    refusals.AboveOwnThreshold,
    refusals.TooSmall,
    refusals.QuantityTooLarge,
    refusals.LineFull,
    UnknownPlace,
    UnknownUnit,
    InvalidQuantity,
    NotWhole,
)
"""What a pledge may be refused for, however it is sent."""

pledge_route = lean_route(
    "/crises/{crisis_id}/pledges",
    "POST",
    pledge,
    request_model=PledgeBody,
    response_model=PledgeView,
    auth=may_pledge,
    status_code=201,
    other_media={NDJSON: pledges},
    responses={
        207: {"description": "Bulk: one result per line"},
        **problem_responses(*REFUSED, TooManyLines),
    },
    operation_id="pledge",
    summary="Promise goods for a need line",
    tags=["pledges"],
)


@router.get(
    "/crises/{crisis_id}/pledges",
    response_model=PledgePage,
    operation_id="listPledges",
    summary="Allocations the caller may see, newest first, by their clocks or as they change",
    responses=problem_responses(refusals.NotFound, CursorInvalid),
)
async def page(
    request: Request, crisis_id: UUID, asked: Annotated[PledgeQuery, Query()], caller: Reader
) -> Response:
    """Those of all organisations for whoever decides or audits in all provinces, or in the `province` asked
    for; for an asker and for a desk or auditor of some provinces those for a need line of theirs.

    With `due_before` come those that wait, the earliest clock first: with `state=proposed`, `province` and a
    moment an hour ahead, what a desk must answer within the hour.

    To follow changes: read all pages, then again and again all pages with `updated_since` set to the
    `next_updated_since` of the walk before; it is the same on every page of a walk. Take an allocation when
    its `version` is higher than what you have. `deadline_at` may move while `version` stays: where the need
    line's date moved, the crisis is wound down or a notice could not be delivered. `province`, `item_group`
    and `urgency` are those of the need as it is then; a need that moves brings no allocation again by itself.
    """
    cursors = parts_of(request).cursors("pledges")
    place, wanted = (
        cursors.page(asked.cursor, asked.limit, filters_of(request)),
        asked.wanted(crisis_id, caller),
    )
    after, walk_began = began(place.after)
    found = await snapshot(
        request,
        lambda tx: reading.pledges(tx, caller, wanted, after, place.limit + 1, is_mine=asked.mine),
    )
    rows = [
        {**allocation_view(row, line), "changed_at": moment(changed_at)}
        for row, line, changed_at in found.rows
    ]
    keys: tuple[str, ...] = ("allocation_id",)
    if wanted.updated_since is not None:
        keys = ("changed_at", "allocation_id")
    elif wanted.due_before is not None:
        keys = ("deadline_at", "allocation_id")
    read_at = walk_began or found.at
    return page_answer(
        request, cursors, rows, keys, place.limit, read_at=read_at, stopped_at=found.stopped_at
    )
