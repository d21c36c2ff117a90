"""/offers: say what you can give, draft it first if you like, read it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.offers import Offer
from crisis.events import moment
from crisis.http.filters import OfferQuery
from crisis.http.lists import ChangesPageView, began, page_answer
from crisis.http.offer_shapes import OfferBody, OfferView
from crisis.http.offer_views import offer_of, offer_view
from crisis.http.parts import PledgeWriter, Reader, answer, command, parts_of, snapshot, versioned, written
from crisis.http.views import Document
from crisis.usecases import reading_offers
from crisis.usecases.open_offer import OpenOffer, draft_offer, open_offer
from crisis.usecases.tools import Tools
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.etags import NOT_MODIFIED
from imece_chassis.http.paging import CursorInvalid, filters_of
from imece_chassis.http.problems import problem_responses
from imece_reference.refusals import InvalidQuantity, NotWhole, UnknownItem, UnknownPlace, UnknownUnit

router = APIRouter(tags=["offers"])

_STATED = (
    refusals.NotFound,
    refusals.RoleMissing,
    refusals.CrisisNotOpen,
    refusals.AvailabilityInvalid,
    refusals.StepAboveQuantity,
    refusals.BestBeforePast,
    refusals.EarmarkInvalid,
    refusals.ItemNotGoods,
    refusals.QuantityTooLarge,
    UnknownPlace,
    UnknownItem,
    UnknownUnit,
    InvalidQuantity,
    NotWhole,
)


class OfferItemView(OfferView):
    """An offer and when it last changed."""

    changed_at: datetime


class OfferPage(ChangesPageView):
    """Offers, newest first, or in the order of their change."""

    items: tuple[OfferItemView, ...]


@router.post(
    "/offers",
    status_code=201,
    response_model=OfferView,
    operation_id="openOffer",
    summary="Say what you can give",
    responses=problem_responses(*_STATED, refusals.OrganisationMayNotAct, refusals.Saturated),
)
async def open_one(request: Request, body: OfferBody, caller: PledgeWriter) -> Response:
    """Without a need to go to: a desk matches it. Above your own threshold a second key must agree."""
    tools = parts_of(request).tools

    async def work(tx: Transaction) -> Answer:
        offer = await open_offer(tx, OpenOffer(body.crisis_id, offer_of(body)), caller, tools)
        return answer(await shown(tx, offer, tools), 201, f"/offers/{offer.offer_id}")

    return await command(request, caller, work)


@router.put(
    "/offers/{offer_id}",
    response_model=OfferView,
    operation_id="draftOffer",
    summary="Write an offer without sending it",
    responses={
        201: {"model": OfferView, "description": "Created"},
        **problem_responses(
            *_STATED,
            refusals.OfferNotInState,
            refusals.OfferOfAnotherCrisis,
            refusals.IdTaken,
            refusals.IdNotOrdered,
        ),
    },
)
async def draft(request: Request, offer_id: UUID, body: OfferBody, caller: PledgeWriter) -> Response:
    """With an id of your own, a new UUIDv7, as often as you like; nobody else sees it, and after a week it is
    gone."""
    parts = parts_of(request)

    async def work(tx: Transaction) -> Answer:
        wanted = OpenOffer(body.crisis_id, offer_of(body))
        offer, is_new = await draft_offer(tx, offer_id, wanted, caller, parts.tools)
        document = await shown(tx, offer, parts.tools)
        return answer(document, 201, f"/offers/{offer_id}") if is_new else answer(document)

    return await written(request, work)


@router.get(
    "/offers/{offer_id}",
    response_model=OfferView,
    operation_id="getOffer",
    summary="One offer",
    responses={**NOT_MODIFIED, **problem_responses(refusals.NotFound)},
)
async def one(request: Request, offer_id: UUID, caller: Reader) -> Response:
    """For its organisation, once it is open for desks and auditors of the crisis; 404 for everybody else."""
    found = await snapshot(request, lambda tx: reading_offers.offer(tx, offer_id, caller))
    return versioned(request, offer_view(found.offer, found.balances, parts_of(request).tools.clock.now()))


@router.get(
    "/crises/{crisis_id}/offers",
    response_model=OfferPage,
    operation_id="listOffers",
    summary="Offers of a crisis, newest first or as they change",
    responses=problem_responses(refusals.NotFound, CursorInvalid),
)
async def page(
    request: Request, crisis_id: UUID, asked: Annotated[OfferQuery, Query()], caller: Reader
) -> Response:
    """Desks and auditors see all that are out; other organisations their own.

    Followed with `updated_since` as the list of pledges is: an offer changes with its words, state and terms.
    What is promised of it changes what is free, not the offer.
    """
    parts = parts_of(request)
    cursors, now, wanted = parts.cursors("offers"), parts.tools.clock.now(), asked.wanted(crisis_id)
    place = cursors.page(asked.cursor, asked.limit, filters_of(request))
    after, walk_began = began(place.after)
    found = await snapshot(
        request,
        lambda tx: reading_offers.page(tx, caller, wanted, after, place.limit + 1, is_mine=asked.mine),
    )
    rows = [
        {**offer_view(each.offer, each.balances, now), "changed_at": moment(changed_at)}
        for each, changed_at in found.rows
    ]
    keys = "offer_id" if wanted.updated_since is None else ("changed_at", "offer_id")
    read_at = walk_began or found.at
    return page_answer(
        request, cursors, rows, keys, place.limit, read_at=read_at, stopped_at=found.stopped_at
    )


async def shown(tx: Transaction, offer: Offer, tools: Tools) -> Document:
    """The offer as a command left it."""
    found = await reading_offers.as_left(tx, offer)
    return offer_view(found.offer, found.balances, tools.clock.now())
