"""/offers/{id}/…: open a draft, approve, revise, take back, suspend."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.offers import Offer
from crisis.domain.reasons import REJECT_OFFER, RESUME_OFFER, SUSPEND_OFFER, WITHDRAW
from crisis.http.offer_shapes import OfferView
from crisis.http.offers import shown
from crisis.http.parts import NeedWriter, PledgeWriter, answer, command, parts_of
from crisis.http.reason_lists import one_of
from crisis.http.shapes import Body, Quantity, Reason
from crisis.usecases.approve_offer import RejectOffer, approve_offer, reject_offer
from crisis.usecases.open_offer import open_draft
from crisis.usecases.revise_offer_line import ReviseOfferLine, revise_offer_line
from crisis.usecases.suspend_offer import ResumeOffer, SuspendOffer, resume_offer, suspend_offer
from crisis.usecases.tools import Tools
from crisis.usecases.withdraw_offer import WithdrawOffer, withdraw_offer
from imece_chassis.access.caller import Caller
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.problems import problem_responses
from imece_reference.refusals import InvalidQuantity, NotWhole

T = TypeVar("T")

router = APIRouter(prefix="/offers/{offer_id}", tags=["offers"])


class ReasonBody(Body):
    """Why: a code of the reason list."""

    reason: Reason


class ReviseBody(Body):
    """What the line holds from now on, in its unit."""

    quantity: Quantity


_SEEN = (refusals.NotFound, refusals.RoleMissing, refusals.OfferNotInState)
_OPENED = (
    *_SEEN,
    refusals.CrisisNotOpen,
    refusals.OrganisationMayNotAct,
    refusals.Saturated,
)
_DECIDED = (*_SEEN, refusals.SameParty, refusals.ReasonUnknown)


async def run(
    request: Request,
    caller: Caller,
    step: Callable[[Transaction, T, Caller, Tools], Awaitable[Offer]],
    wanted: T,
) -> Response:
    """One command on an offer, answered with the offer."""
    tools = parts_of(request).tools

    async def work(tx: Transaction) -> Answer:
        return answer(await shown(tx, await step(tx, wanted, caller, tools), tools))

    return await command(request, caller, work)


@router.post(
    "/open",
    response_model=OfferView,
    operation_id="openDraftedOffer",
    summary="Send a draft",
    responses=problem_responses(*_OPENED, refusals.AvailabilityInvalid, refusals.BestBeforePast),
)
async def open_one(request: Request, offer_id: UUID, caller: PledgeWriter) -> Response:
    """Open at once, or above your own threshold waiting for a second key of your organisation."""
    return await run(request, caller, open_draft, offer_id)


@router.post(
    "/approve",
    response_model=OfferView,
    operation_id="approveOffer",
    summary="Agree to an offer of your organisation",
    responses=problem_responses(*_OPENED, refusals.SameKey),
)
async def approve(request: Request, offer_id: UUID, caller: PledgeWriter) -> Response:
    """By another key of the organisation than the one that opened it.

    An offer made for a call on a package is open already: the key that approves it lets another accept.
    """
    return await run(request, caller, approve_offer, offer_id)


@router.post(
    "/reject",
    response_model=OfferView,
    operation_id="rejectOffer",
    summary="Do not let an offer of your organisation out",
    responses=problem_responses(*_SEEN, refusals.ReasonUnknown),
    openapi_extra=one_of(REJECT_OFFER),
)
async def reject(request: Request, offer_id: UUID, body: ReasonBody, caller: PledgeWriter) -> Response:
    """Nobody else ever hears of it."""
    return await run(request, caller, reject_offer, RejectOffer(offer_id, body.reason))


@router.post(
    "/lines/{offer_line_id}/revise",
    response_model=OfferView,
    operation_id="reviseOfferLine",
    summary="Offer more or less of a line",
    responses=problem_responses(
        *_SEEN,
        refusals.OfferLinePromised,
        refusals.AboveOwnThreshold,
        refusals.QuantityTooLarge,
        InvalidQuantity,
        NotWhole,
    ),
)
async def revise(
    request: Request, offer_id: UUID, offer_line_id: UUID, body: ReviseBody, caller: PledgeWriter
) -> Response:
    """Never less than was promised of it, never past your own threshold."""
    return await run(
        request, caller, revise_offer_line, ReviseOfferLine(offer_id, offer_line_id, body.quantity)
    )


@router.post(
    "/withdraw",
    response_model=OfferView,
    operation_id="withdrawOffer",
    summary="Take an offer back",
    responses=problem_responses(*_SEEN, refusals.HoldsRemain, refusals.ReasonUnknown),
    openapi_extra=one_of(WITHDRAW),
)
async def withdraw(request: Request, offer_id: UUID, body: ReasonBody, caller: PledgeWriter) -> Response:
    """Proposals and places in waiting lists end with it; what is held must be withdrawn row by row first."""
    return await run(request, caller, withdraw_offer, WithdrawOffer(offer_id, body.reason))


@router.post(
    "/suspend",
    response_model=OfferView,
    operation_id="suspendOffer",
    summary="Let an offer take nothing new for now",
    responses=problem_responses(*_DECIDED),
    openapi_extra=one_of(SUSPEND_OFFER),
)
async def suspend(request: Request, offer_id: UUID, body: ReasonBody, caller: NeedWriter) -> Response:
    """By a desk of the crisis; without a decision it ends after fourteen days."""
    return await run(request, caller, suspend_offer, SuspendOffer(offer_id, body.reason))


@router.post(
    "/resume",
    response_model=OfferView,
    operation_id="resumeOffer",
    summary="Let a suspended offer go on",
    responses=problem_responses(*_DECIDED, refusals.OfferOver, refusals.OrganisationMayNotAct),
    openapi_extra=one_of(RESUME_OFFER),
)
async def resume(request: Request, offer_id: UUID, body: ReasonBody, caller: NeedWriter) -> Response:
    """By a desk of the crisis, while the goods are still available and the organisation may act."""
    return await run(request, caller, resume_offer, ResumeOffer(offer_id, body.reason))
