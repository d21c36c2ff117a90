"""/need-lines/{id}/candidates: what a desk could call for a line, best fit first."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.candidates import Candidate, Source
from crisis.domain.shelf_life import shelf_mark
from crisis.domain.units import plain
from crisis.events import moment
from crisis.http.parts import Reader, answer, parts_of, snapshot
from crisis.http.places import MeritView, merits_view
from crisis.http.shapes import View
from crisis.http.views import Document
from crisis.usecases.reading_candidates import CandidatesRead, candidates_for
from imece_chassis.http.problems import problem_responses
from imece_chassis.http.responses import respond

router = APIRouter(prefix="/need-lines/{need_line_id}", tags=["need lines"])

SHOWN, MOST_SHOWN = 20, 100


class CandidateView(View):
    """Free goods of an offer line, or of a package: what calls them names the one that is not null.

    `quantity` is as much as the line has room for, in `unit`; `does` is what that does there, in the line's
    unit. `until` is when the offer ends, or the package must be checked again.
    """

    offer_id: UUID | None
    offer_line_id: UUID | None
    package_id: UUID | None
    org_id: UUID
    origin: str
    has_transport: bool
    item_code: str
    is_substitute: bool
    unit: str
    free: str
    quantity: str
    does: str
    earmark: dict[str, list[str]]
    ready_within_minutes: int | None
    best_before: date | None
    shelf_mark: Literal["yellow", "red"] | None
    until: datetime
    points: int
    reasons: tuple[MeritView, ...]


class PoolView(View):
    """Offers that are each below what is useful and reach it together; `quantity` in the line's unit."""

    quantity: str
    offers: int
    items: tuple[CandidateView, ...]


class CandidatesView(View):
    """Best fit first; `found` may be more than are shown.

    `refusal` is the code every call for the line would be refused with: then nothing is looked for. Not
    `is_complete` says that so much waits to be matched that only the newest of it was looked at.
    """

    need_line_id: UUID
    unit: str
    room: str
    min_useful_quantity: str
    refusal: str | None
    is_complete: bool
    found: int
    items: tuple[CandidateView, ...]
    pool: PoolView | None


@router.get(
    "/candidates",
    response_model=CandidatesView,
    operation_id="listCandidates",
    summary="What could be called for a line, best fit first",
    responses=problem_responses(refusals.NotFound, refusals.RoleMissing),
)
async def page(
    request: Request,
    need_line_id: UUID,
    caller: Reader,
    limit: Annotated[int, Query(ge=1, le=MOST_SHOWN, description="At most so many of each")] = SHOWN,
) -> Response:
    """Offers that wait to be matched and packages that are kept ready, for desks of the place and auditors.

    Ranked by the points of the waiting list. Goods of the asker and of the desk's own organisation are left
    out, as are those whose earmark leaves the line outside.
    """
    now = parts_of(request).tools.clock.now()
    read = await snapshot(request, lambda tx: candidates_for(tx, need_line_id, caller, now))
    return respond(answer(_view(read, limit, now)))


def _view(read: CandidatesRead, limit: int, now: datetime) -> Document:
    line = read.line
    pool = {
        "quantity": plain(read.pooled),
        "offers": len(read.pool),
        "items": [_candidate(each, line.item_code, now) for each in read.pool[:limit]],
    }
    return {
        "need_line_id": line.need_line_id,
        "unit": line.unit,
        "room": plain(read.balance.room),
        "min_useful_quantity": plain(line.min_useful),
        "refusal": read.refusal,
        "is_complete": read.is_complete,
        "found": len(read.candidates),
        "items": [_candidate(each, line.item_code, now) for each in read.candidates[:limit]],
        "pool": pool if read.pool else None,
    }


def _candidate(candidate: Candidate, item_code: str, now: datetime) -> Document:
    share, goods = candidate.share, candidate.share.goods
    is_offer = goods.source is Source.OFFER
    return {
        "offer_id": goods.of_id if is_offer else None,
        "offer_line_id": goods.line_id if is_offer else None,
        "package_id": None if is_offer else goods.of_id,
        "org_id": goods.org_id,
        "origin": goods.origin,
        "has_transport": goods.has_transport,
        "item_code": goods.item_code,
        "is_substitute": goods.item_code != item_code,
        "unit": goods.unit,
        "free": plain(goods.free),
        "quantity": plain(share.quantity),
        "does": plain(share.does),
        "earmark": goods.earmark.as_document(),
        "ready_within_minutes": goods.ready_within_minutes,
        "best_before": goods.best_before.isoformat() if goods.best_before else None,
        "shelf_mark": shelf_mark(goods.best_before, now),
        "until": moment(goods.until),
        "points": candidate.fitness.points,
        "reasons": merits_view(candidate.fitness),
    }
