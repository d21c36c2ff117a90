"""/crises/{id}/match-queue: what was offered without being asked, and where it is missing."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.http.filters import MatchQuery
from crisis.http.lists import PageView, page_answer
from crisis.http.offer_shapes import OfferFacts, OfferLineView
from crisis.http.offer_views import offer_view
from crisis.http.parts import Reader, parts_of, snapshot
from crisis.http.shapes import Urgency, View
from crisis.http.views import Document
from crisis.usecases import reading_offers
from crisis.usecases.alternatives import as_facts
from crisis.usecases.reading_offers import OfferShown
from imece_chassis.http.paging import CursorInvalid, filters_of
from imece_chassis.http.problems import problem_responses

router = APIRouter(tags=["offers"])


class GapView(View):
    """An open line that misses the item; `distance_km` between province centres."""

    need_line: UUID
    need: UUID
    district: str
    room: str
    unit: str
    needed_by: datetime
    urgency: Urgency
    distance_km: int


class MatchLineView(OfferLineView):
    """A line with where it is missing, nearest first; nothing when none of it is free."""

    gaps: tuple[GapView, ...]


class MatchView(OfferFacts):
    """An offer without target."""

    lines: tuple[MatchLineView, ...]


class MatchPage(PageView):
    """Offers without target that still have something free, oldest first."""

    items: tuple[MatchView, ...]


@router.get(
    "/crises/{crisis_id}/match-queue",
    response_model=MatchPage,
    operation_id="listMatchQueue",
    summary="Offers that wait to be matched, oldest first",
    responses=problem_responses(refusals.NotFound, refusals.RoleMissing, CursorInvalid),
)
async def page(
    request: Request,
    crisis_id: UUID,
    asked: Annotated[MatchQuery, Query()],
    caller: Reader,
) -> Response:
    """For the desks of the crisis: each free line with up to three open lines it fits; call for it there."""
    parts = parts_of(request)
    cursors, now = parts.cursors("match_queue"), parts.tools.clock.now()
    place, wanted = cursors.page(asked.cursor, asked.limit, filters_of(request)), asked.wanted(crisis_id, now)
    found = await snapshot(
        request,
        lambda tx: reading_offers.match_queue(tx, caller, wanted, place.after, place.limit),
    )
    rows = [_match_view(each, now) for each in found.rows]
    return page_answer(request, cursors, rows, "offer_id", place.limit, stopped_at=found.stopped_at)


def _match_view(found: OfferShown, now: datetime) -> Document:
    document = offer_view(found.offer, found.balances, now)
    gaps = found.gaps or {}
    for line in document["lines"]:
        line["gaps"] = as_facts(gaps.get(line["offer_line_id"], []))
    return document
