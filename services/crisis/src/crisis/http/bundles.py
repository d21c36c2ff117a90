"""/crises/{id}/bundles and /bundles/{id}: several need lines promised, answered and taken back as one."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.answers import Rest
from crisis.domain.pledges import PledgeRequest
from crisis.domain.reasons import DECLINE, OVERRIDE, WITHDRAW
from crisis.http.allocations import ReasonBody
from crisis.http.bundle_shapes import AcceptBundleBody, BundleBody, BundleView
from crisis.http.bundle_views import bundle_view
from crisis.http.parts import (
    EitherWriter,
    PledgeWriter,
    Reader,
    answer,
    command,
    parts_of,
    route_of,
    snapshot,
    versioned,
    written,
)
from crisis.http.reason_lists import one_of
from crisis.usecases.accept_bundle import AcceptBundle, Part, accept_bundle
from crisis.usecases.bundle_step import Answered
from crisis.usecases.decline_bundle import DeclineBundle, decline_bundle
from crisis.usecases.propose_bundle import ProposeBundle, propose_bundle
from crisis.usecases.put_bundle import put_bundle
from crisis.usecases.reading_bundles import bundle
from crisis.usecases.withdraw_bundle import WithdrawBundle, withdraw_bundle
from imece_chassis import context
from imece_chassis.access.caller import Caller
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.etags import NOT_MODIFIED
from imece_chassis.http.idempotent import request_of
from imece_chassis.http.problems import problem_responses
from imece_reference.refusals import UnknownPlace

router = APIRouter(tags=["bundles"])

_REFUSED = (
    refusals.NotFound,
    refusals.RoleMissing,
    refusals.CrisisNotOpen,
    refusals.AboveOwnThreshold,
    refusals.BundleDoesNotFit,
    UnknownPlace,
)
_ANSWERED = (refusals.NotFound, refusals.RoleMissing, refusals.BundleSettled)


@router.post(
    "/crises/{crisis_id}/bundles",
    status_code=201,
    response_model=BundleView,
    operation_id="proposeBundle",
    summary="Promise several need lines what they miss, together",
    responses=problem_responses(*_REFUSED),
)
async def propose(request: Request, crisis_id: UUID, body: BundleBody, caller: PledgeWriter) -> Response:
    """All rows are promised or none: a refusal names every row that stands in the way, counted from 0.

    The rows wait for an answer until the same moment, the earliest of what their lines ask for.
    """
    tools = parts_of(request).tools
    wanted = _stated(tools.new_id(), crisis_id, body, caller)

    async def work(tx: Transaction) -> Answer:
        await propose_bundle(tx, wanted, tools)
        return await _shown(tx, wanted.bundle_id, caller, 201)

    return await command(request, caller, work)


@router.put(
    "/crises/{crisis_id}/bundles/{bundle_id}",
    response_model=BundleView,
    operation_id="putBundle",
    summary="Promise a bundle under an id of your own",
    responses={
        201: {"model": BundleView, "description": "The bundle is new"},
        **problem_responses(
            *_REFUSED, refusals.PledgeIdNotOrdered, refusals.PledgeIdTaken, refusals.PledgeSaidOtherwise
        ),
    },
)
async def put(
    request: Request, crisis_id: UUID, bundle_id: UUID, body: BundleBody, caller: PledgeWriter
) -> Response:
    """Sending it twice promises once: no key is needed. `bundle_id` is a new UUIDv7.

    The answer is the bundle as it is now; other words than the first time are refused.
    """
    tools = parts_of(request).tools
    wanted = _stated(bundle_id, crisis_id, body, caller)
    said = request_of(caller, route_of(request), str(bundle_id), await request.body())

    async def work(tx: Transaction) -> Answer:
        is_new = await put_bundle(tx, wanted, said.body_hash, tools)
        return await _shown(tx, bundle_id, caller, 201 if is_new else 200)

    return await written(request, work)


@router.get(
    "/bundles/{bundle_id}",
    response_model=BundleView,
    operation_id="getBundle",
    summary="One bundle with its rows",
    responses={**NOT_MODIFIED, **problem_responses(refusals.NotFound)},
)
async def one(request: Request, bundle_id: UUID, caller: Reader) -> Response:
    """Pledger and secretariat see all rows; an asker those for its needs, a desk those of its area."""
    read = await snapshot(request, lambda tx: bundle(tx, bundle_id, caller))
    return versioned(request, bundle_view(read))


@router.post(
    "/bundles/{bundle_id}/accept",
    response_model=BundleView,
    operation_id="acceptBundle",
    summary="Take all rows that wait for your side",
    responses=problem_responses(*_ANSWERED, refusals.BundleDoesNotFit),
    openapi_extra=one_of(OVERRIDE, "override_reason", may_be_null=True),
)
async def accept(request: Request, bundle_id: UUID, body: AcceptBundleBody, caller: EitherWriter) -> Response:
    """All of them or none: a refusal names every row that stands in the way.

    A desk takes the rows of its area. Single rows can be answered at /allocations/{id} as well.
    """
    wanted = AcceptBundle(
        bundle_id,
        {row.allocation_id: Part(row.quantity, _rest(row.rest)) for row in body.rows},
        _rest(body.rest),
        body.override_reason,
        body.device_time,
    )
    tools = parts_of(request).tools
    return await _answered(request, caller, lambda tx: accept_bundle(tx, wanted, caller, tools))


@router.post(
    "/bundles/{bundle_id}/decline",
    response_model=BundleView,
    operation_id="declineBundle",
    summary="Say no to all rows that wait for your side",
    responses=problem_responses(*_ANSWERED, refusals.ReasonUnknown),
    openapi_extra=one_of(DECLINE),
)
async def decline(request: Request, bundle_id: UUID, body: ReasonBody, caller: EitherWriter) -> Response:
    """A pledger who hears no is shown for each row the three nearest gaps outside the bundle."""
    wanted, tools = DeclineBundle(bundle_id, body.reason), parts_of(request).tools
    return await _answered(request, caller, lambda tx: decline_bundle(tx, wanted, caller, tools))


@router.post(
    "/bundles/{bundle_id}/withdraw",
    response_model=BundleView,
    operation_id="withdrawBundle",
    summary="Take back all that has not left",
    responses=problem_responses(*_ANSWERED, refusals.ReasonUnknown),
    openapi_extra=one_of(WITHDRAW),
)
async def withdraw(request: Request, bundle_id: UUID, body: ReasonBody, caller: PledgeWriter) -> Response:
    """By the organisation that pledged. Rows that ended or left before are named in `skipped`."""
    wanted, tools = WithdrawBundle(bundle_id, body.reason), parts_of(request).tools
    return await _answered(request, caller, lambda tx: withdraw_bundle(tx, wanted, caller, tools))


async def _answered(
    request: Request, caller: Caller, run: Callable[[Transaction], Awaitable[Answered]]
) -> Response:
    async def work(tx: Transaction) -> Answer:
        done = await run(tx)
        return answer(bundle_view(await bundle(tx, done.bundle_id, caller), done))

    return await command(request, caller, work)


async def _shown(tx: Transaction, bundle_id: UUID, caller: Caller, status: int) -> Answer:
    document = bundle_view(await bundle(tx, bundle_id, caller))
    return answer(document, status, f"/bundles/{bundle_id}")


def _rest(stated: str | None) -> Rest | None:
    return Rest(stated) if stated else None


def _stated(bundle_id: UUID, crisis_id: UUID, body: BundleBody, caller: Caller) -> ProposeBundle:
    rows = tuple(
        PledgeRequest(
            need_line_id=row.need_line_id,
            pledger_org_id=caller.organisation_id,
            quantity=row.quantity,
            unit=row.unit,
            origin=body.origin or "",
            ready_within_minutes=row.ready_within_minutes,
            has_transport=body.has_transport,
            offer_line_id=row.offer_line_id,
            plan=row.plan.plan() if row.plan else None,
            conditions=tuple(each.request() for each in row.conditions),
        )
        for row in body.rows
    )
    return ProposeBundle(
        bundle_id=bundle_id,
        crisis_id=crisis_id,
        rows=rows,
        caller=caller,
        offer_id=body.offer_id,
        traceparent=context.traceparent(),
        device_at=body.device_time,
    )
