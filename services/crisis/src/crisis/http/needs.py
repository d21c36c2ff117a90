"""/crises/{id}/needs and /needs/{id}: state a need in one step, read it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.balances import NeedBalance
from crisis.domain.clocks import Urgency
from crisis.domain.lines import Line
from crisis.domain.needs import Need, without_personal_data
from crisis.events import moment
from crisis.http.duplicates import hint_views
from crisis.http.filters import NeedQuery
from crisis.http.lists import ChangesPageView, began, page_answer
from crisis.http.need_shapes import NeedBody, NeedView
from crisis.http.need_views import need_view
from crisis.http.parts import NeedWriter, Reader, answer, command, parts_of, snapshot, versioned
from crisis.http.views import Document
from crisis.usecases import reading
from crisis.usecases.duplicate_hints import hints_of
from crisis.usecases.places_seen import places_seen
from crisis.usecases.submit_need import SubmitNeed, submit_need
from imece_chassis.access.caller import Caller
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.etags import NOT_MODIFIED
from imece_chassis.http.paging import CursorInvalid, filters_of
from imece_chassis.http.problems import problem_responses
from imece_reference.refusals import InvalidQuantity, NotWhole, UnknownItem, UnknownPlace, UnknownUnit

router = APIRouter(tags=["needs"])

LINES_REFUSED = (
    refusals.ItemNotGoods,
    refusals.NeededByPast,
    refusals.MinUsefulAboveRequested,
    refusals.QuantityTooLarge,
    UnknownItem,
    UnknownUnit,
    InvalidQuantity,
    NotWhole,
)
STATEMENT_REFUSED = (
    refusals.NotFound,
    refusals.RoleMissing,
    refusals.CrisisNotOpen,
    refusals.PlaceOutsideArea,
    refusals.ContactNotReference,
    UnknownPlace,
)


class NeedItemView(NeedView):
    """A need and when it last changed."""

    changed_at: datetime


class NeedPage(ChangesPageView):
    """Needs, newest first, or in the order of their change."""

    items: tuple[NeedItemView, ...]


@router.post(
    "/crises/{crisis_id}/needs",
    status_code=201,
    response_model=NeedView,
    operation_id="submitNeed",
    summary="State what is missing",
    responses=problem_responses(*STATEMENT_REFUSED, *LINES_REFUSED),
)
async def submit(request: Request, crisis_id: UUID, body: NeedBody, caller: NeedWriter) -> Response:
    """The caller's organisation asks: draft and submission in one step.

    Packs are converted to base units and the factor is frozen; free text is masked, and the answer says
    where. A life-saving need of an accredited organisation is open at once. Needs that may be the same are
    shown and stop nothing.
    """
    tools = parts_of(request).tools
    said, masked = without_personal_data(body.said())
    wanted = SubmitNeed(
        crisis_id=crisis_id,
        district=said.district,
        urgency=Urgency(said.urgency),
        lines=said.lines,
        contact_ref=said.contact_ref,
        title=said.title,
        description=said.description,
        handling=said.handling,
    )

    async def work(tx: Transaction) -> Answer:
        need = await submit_need(tx, wanted, caller, tools)
        hints = hint_views(await hints_of(tx, need.need_id, caller))
        document = {**need_view(need, masked=masked, is_own=True), "duplicate_hints": hints}
        return answer(document, 201, f"/needs/{need.need_id}")

    return await command(request, caller, work)


@router.get(
    "/needs/{need_id}",
    response_model=NeedView,
    operation_id="getNeed",
    summary="One need with its lines and their figures",
    responses={**NOT_MODIFIED, **problem_responses(refusals.NotFound)},
)
async def one(request: Request, need_id: UUID, caller: Reader) -> Response:
    """Every member may read it; a draft only its own organisation.

    The site of a sensitive need is for its organisation, desks of the area, who verifies it, and pledgers
    from the moment something of theirs is held.
    """

    async def read(tx: Transaction) -> Document:
        need, lines = await reading.need(tx, need_id, caller)
        return _shown(need, lines, caller, await places_seen(tx, [need], caller))

    return versioned(request, await snapshot(request, read))


@router.get(
    "/crises/{crisis_id}/needs",
    response_model=NeedPage,
    operation_id="listNeeds",
    summary="Needs of a crisis, newest first or as they change",
    responses=problem_responses(refusals.NotFound, CursorInvalid),
)
async def page(
    request: Request, crisis_id: UUID, asked: Annotated[NeedQuery, Query()], caller: Reader
) -> Response:
    """Drafts are listed to their own organisation only; they have no lines that a filter could find.

    Followed with `updated_since` as the list of pledges is: a need changes with its words, state and terms.
    What is promised for it changes its lines; follow those in the list of lines.
    """
    cursors, wanted = parts_of(request).cursors("needs"), asked.wanted(crisis_id, caller)
    place = cursors.page(asked.cursor, asked.limit, filters_of(request))
    after, walk_began = began(place.after)

    async def read(tx: Transaction) -> tuple[reading.NeedsRead, frozenset[UUID]]:
        found = await reading.needs(tx, wanted, after, place.limit + 1)
        return found, await places_seen(tx, [need for need, _, _ in found.rows], caller)

    found, seen = await snapshot(request, read)
    rows = [
        {**_shown(need, lines, caller, seen), "changed_at": moment(changed_at)}
        for need, lines, changed_at in found.rows
    ]
    keys = "need_id" if wanted.updated_since is None else ("changed_at", "need_id")
    read_at = walk_began or found.at
    return page_answer(
        request, cursors, rows, keys, place.limit, read_at=read_at, stopped_at=found.stopped_at
    )


def _shown(
    need: Need, lines: Sequence[tuple[Line, NeedBalance]], caller: Caller, seen: frozenset[UUID]
) -> Document:
    is_own = need.asker_org_id == caller.organisation_id
    return need_view(need, lines, is_own=is_own, sees_place=need.need_id in seen)
