"""/crises/proposals and /crises/{id}/reports: report a hazard, and read what was heard of a crisis."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field, model_validator
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.hazards import Position, Report, title_of
from crisis.events import moment
from crisis.http.crises import CrisisView, HazardCode, Title
from crisis.http.lists import PageQuery, PageView, page_answer
from crisis.http.parts import NeedWriter, Reader, answer, command, parts_of, snapshot
from crisis.http.shapes import Body, GivenMoment, PCode, Severity, View
from crisis.http.views import crisis_view
from crisis.store import hazards
from crisis.usecases import reading
from crisis.usecases.propose_crisis import Heard, ProposeCrisis, propose_crisis
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.paging import CursorInvalid, filters_of
from imece_chassis.http.problems import problem_responses
from imece_reference.refusals import UnknownPlace

router = APIRouter(prefix="/crises", tags=["crises"])

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9:/._#-]{0,99}$")]


class PositionIncomplete(ValueError):
    """Half a position is none."""

    code = "position_incomplete"
    tr = "lat ve lon birlikte verilmeli"


class ReportBody(Body):
    """What was heard of a hazard; `source` and `external_id` name the message."""

    source: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.-]{1,39}$", examples=["afad"])]
    external_id: Code
    external_ids: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    episode: Code | None = None
    hazard: HazardCode
    alert: Severity
    area: Annotated[tuple[PCode, ...], Field(min_length=1, max_length=1000)]
    observed_at: GivenMoment
    magnitude: Annotated[Decimal, Field(ge=0, le=10, decimal_places=1)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    title: Title | None = None

    @model_validator(mode="after")
    def _has_both_or_neither(self) -> Self:
        if (self.lat is None) is not (self.lon is None):
            raise PositionIncomplete("lat and lon must be given together")
        return self


class HeardView(View):
    """The crisis a report belongs to; `heard` says whether it began it, was attached, or was known."""

    heard: Heard
    crisis: CrisisView


class ReportView(View):
    """One message of one source."""

    report_id: UUID
    source: str
    external_id: str
    external_ids: tuple[str, ...]
    episode: str | None
    hazard: str
    alert: Severity
    area: tuple[str, ...]
    observed_at: datetime
    magnitude: str | None
    lat: float | None
    lon: float | None


class ReportsPage(PageView):
    """What was heard of a crisis, in the order it was heard."""

    items: tuple[ReportView, ...]


@router.post(
    "/proposals",
    response_model=HeardView,
    operation_id="proposeCrisis",
    summary="Report a hazard",
    responses={
        201: {"model": HeardView, "description": "A new crisis was proposed"},
        **problem_responses(refusals.RoleMissing, UnknownPlace),
    },
)
async def propose(request: Request, body: ReportBody, caller: NeedWriter) -> Response:
    """Any member, desk or feed. The same message, or another of the same event, gives the same crisis."""
    tools = parts_of(request).tools
    wanted = ProposeCrisis(
        source=body.source,
        external_id=body.external_id,
        hazard=body.hazard,
        alert=body.alert,
        area=body.area,
        observed_at=body.observed_at,
        title=body.title.model_dump(exclude_none=True) if body.title else title_of(body.hazard, body.area[0]),
        magnitude=body.magnitude,
        position=_position(body.lat, body.lon),
        external_ids=body.external_ids,
        episode=body.episode,
    )

    async def work(tx: Transaction) -> Answer:
        crisis, heard = await propose_crisis(tx, wanted, caller, tools)
        document = {"heard": heard, "crisis": crisis_view(crisis)}
        status = 201 if heard is Heard.PROPOSED else 200
        return answer(document, status, f"/crises/{crisis.crisis_id}")

    return await command(request, caller, work)


@router.get(
    "/{crisis_id}/reports",
    response_model=ReportsPage,
    operation_id="listReports",
    summary="What was heard of a crisis",
    responses=problem_responses(refusals.NotFound, CursorInvalid),
)
async def heard_of(
    request: Request, crisis_id: UUID, caller: Reader, query: Annotated[PageQuery, Query()]
) -> Response:
    """Every member may read it; a crisis that was opened without a report has none."""
    cursors = parts_of(request).cursors("reports")
    wanted = cursors.page(query.cursor, query.limit, filters_of(request))
    after = UUID(str(wanted.after[0])) if wanted.after else None

    async def work(tx: Transaction) -> list[Report]:
        await reading.crisis(tx, crisis_id)
        return await hazards.of_crisis(tx, crisis_id, after, wanted.limit + 1)

    rows = [_report_view(report) for report in await snapshot(request, work)]
    return page_answer(request, cursors, rows, "report_id", wanted.limit)


def _report_view(report: Report) -> dict[str, Any]:
    return {
        "report_id": report.report_id,
        "source": report.source,
        "external_id": report.external_id,
        "external_ids": report.external_ids,
        "episode": report.episode,
        "hazard": report.hazard,
        "alert": report.alert,
        "area": report.area,
        "observed_at": moment(report.observed_at),
        "magnitude": None if report.magnitude is None else str(report.magnitude),
        "lat": None if report.position is None else report.position.lat,
        "lon": None if report.position is None else report.position.lon,
    }


def _position(lat: float | None, lon: float | None) -> Position | None:
    return None if lat is None or lon is None else Position(lat, lon)
