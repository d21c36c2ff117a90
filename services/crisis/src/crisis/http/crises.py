"""/crises: open and read crises."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.events import moment
from crisis.http.lists import SINCE, ChangesPageView, began, page_answer
from crisis.http.parts import NeedWriter, Reader, answer, command, parts_of, snapshot, versioned
from crisis.http.shapes import Body, Cursor, GivenMoment, PCode, Severity, View
from crisis.http.views import crisis_view
from crisis.usecases import reading
from crisis.usecases.open_crisis import OpenCrisis, open_crisis
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.etags import NOT_MODIFIED
from imece_chassis.http.paging import DEFAULT_LIMIT, MAX_LIMIT, CursorInvalid, filters_of
from imece_chassis.http.problems import problem_responses
from imece_reference.refusals import UnknownPlace

router = APIRouter(prefix="/crises", tags=["crises"])

Text = Annotated[str, Field(min_length=1, max_length=200)]
Level = Literal["S1", "S2", "S3", "S4"]
State = Literal["proposed", "open", "stood_down", "closed", "dismissed"]
HazardCode = Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,39}$", examples=["earthquake"])]
Glide = Annotated[tuple[Annotated[str, Field(max_length=30)], ...], Field(max_length=20)]


class Title(Body):
    """The name of the crisis; Turkish is required."""

    tr: Text
    en: Text | None = None
    ar: Text | None = None


class OpenBody(Body):
    """A crisis to be opened; with `crisis_id` the client chose its id and may repeat."""

    crisis_id: UUID | None = None
    title: Title
    hazard: HazardCode
    area: Annotated[tuple[PCode, ...], Field(min_length=1, max_length=1000)]
    severity: Severity
    level: Level | None = None
    supporting_provinces: Annotated[tuple[PCode, ...], Field(max_length=81)] = ()
    glide: Glide = ()
    is_drill: bool = False
    parent_id: UUID | None = None


class CrisisView(View):
    """A crisis; a proposal has no number yet. `reason` is why it last changed its state."""

    crisis_id: UUID
    crisis_no: str | None
    state: State
    title: dict[str, str]
    hazard: str
    level: Level | None
    severity: Severity
    area: tuple[str, ...]
    supporting_provinces: tuple[str, ...]
    glide: tuple[str, ...]
    is_drill: bool
    proposed_at: datetime | None
    opened_at: datetime | None
    stood_down_at: datetime | None
    closed_at: datetime | None
    reason: str | None
    parent_id: UUID | None
    settings: dict[str, Any]
    version: int


class CrisisItemView(CrisisView):
    """A crisis and when it last changed."""

    changed_at: datetime


class CrisisPage(ChangesPageView):
    """Crises, newest first, or in the order of their change."""

    items: tuple[CrisisItemView, ...]


@router.post(
    "",
    status_code=201,
    response_model=CrisisView,
    operation_id="openCrisis",
    summary="Open a crisis",
    responses=problem_responses(
        refusals.RoleMissing,
        refusals.DrillNotAvailable,
        refusals.CrisisNotInState,
        refusals.NotFound,
        UnknownPlace,
    ),
)
async def open_one(request: Request, body: OpenBody, caller: NeedWriter) -> Response:
    """Only the secretariat opens a crisis; from then on needs and pledges are taken for its area."""
    tools = parts_of(request).tools
    wanted = OpenCrisis(
        title=body.title.model_dump(exclude_none=True),
        hazard=body.hazard,
        area=body.area,
        severity=body.severity,
        level=body.level,
        supporting_provinces=body.supporting_provinces,
        glide=body.glide,
        is_drill=body.is_drill,
        crisis_id=body.crisis_id,
        parent_id=body.parent_id,
    )

    async def work(tx: Transaction) -> Answer:
        crisis = await open_crisis(tx, wanted, caller, tools)
        return answer(crisis_view(crisis), 201, f"/crises/{crisis.crisis_id}")

    return await command(request, caller, work)


@router.get(
    "",
    response_model=CrisisPage,
    operation_id="listCrises",
    summary="Crises, newest first or as they change",
    responses=problem_responses(CursorInvalid),
)
async def page(
    request: Request,
    caller: Reader,
    state: Annotated[State | None, Query(description="Only this state")] = None,
    updated_since: Annotated[GivenMoment | None, Query(description=SINCE)] = None,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """Follow `next_cursor` or the Link header; followed with `updated_since` as the list of pledges is."""
    cursors = parts_of(request).cursors("crises")
    place = cursors.page(cursor, limit, filters_of(request))
    after, walk_began = began(place.after)
    found = await snapshot(
        request, lambda tx: reading.crises(tx, state, updated_since, after, place.limit + 1)
    )
    rows = [{**document, "changed_at": moment(changed_at)} for document, changed_at in found.rows]
    keys = "crisis_id" if updated_since is None else ("changed_at", "crisis_id")
    return page_answer(request, cursors, rows, keys, place.limit, read_at=walk_began or found.at)


@router.get(
    "/{crisis_id}",
    response_model=CrisisView,
    operation_id="getCrisis",
    summary="One crisis",
    responses={**NOT_MODIFIED, **problem_responses(refusals.NotFound)},
)
async def one(request: Request, crisis_id: UUID, caller: Reader) -> Response:
    """Every member may read it."""
    return versioned(request, await snapshot(request, lambda tx: reading.crisis(tx, crisis_id)))
