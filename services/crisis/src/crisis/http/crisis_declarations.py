"""/crises/{id}/level, /area, /settings: what offices declare of a crisis, and what it sets for itself."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.http.crises import CrisisView, Level
from crisis.http.crisis_settings import SettingsBody
from crisis.http.parts import NeedWriter, Reader, answer, command, parts_of, snapshot
from crisis.http.shapes import Body, GivenMoment, PCode, Severity, View
from crisis.http.views import crisis_view
from crisis.store import crises as crisis_store
from crisis.usecases import reading
from crisis.usecases.change_settings import ChangeSettings, change_settings
from crisis.usecases.declare_crisis import ChangeArea, ChangeLevel, Declaration, change_area, change_level
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.problems import problem_responses
from imece_chassis.http.responses import respond
from imece_reference.refusals import UnknownPlace

router = APIRouter(prefix="/crises", tags=["crises"])

Area = Annotated[tuple[PCode, ...], Field(min_length=1, max_length=1000)]
Provinces = Annotated[tuple[PCode, ...], Field(max_length=81)]
SourceRef = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9:/._#-]{0,99}$")]
Office = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$", description="An office, never a person")]


class LevelBody(Body):
    """A declaration; the same level again is a review."""

    level: Level | None
    severity: Severity | None = None
    declared_by: Office
    source_ref: SourceRef
    declared_at: GivenMoment | None = None


class AreaBody(Body):
    """A declaration; what is not given stays. Supporting provinces are never derived from the level."""

    area: Area | None = None
    supporting_provinces: Provinces | None = None
    declared_by: Office
    source_ref: SourceRef
    declared_at: GivenMoment | None = None


class LevelView(View):
    """One declared level."""

    version: int
    level: Level | None
    severity: Severity
    declared_by: str
    declared_at: datetime
    source_ref: str | None


class LevelsView(View):
    """Every declared level, oldest first."""

    items: tuple[LevelView, ...]


@router.post(
    "/{crisis_id}/level",
    response_model=CrisisView,
    operation_id="changeLevel",
    summary="Declare level and severity",
    responses=problem_responses(refusals.NotFound, refusals.RoleMissing, refusals.CrisisNotInState),
)
async def level(request: Request, crisis_id: UUID, body: LevelBody, caller: NeedWriter) -> Response:
    """Starts the review clock again, also when nothing changed."""
    tools = parts_of(request).tools
    declared = Declaration(body.declared_by, body.source_ref, body.declared_at)
    wanted = ChangeLevel(crisis_id, body.level, body.severity, declared)

    async def work(tx: Transaction) -> Answer:
        return answer(crisis_view(await change_level(tx, wanted, caller, tools)))

    return await command(request, caller, work)


@router.get(
    "/{crisis_id}/levels",
    response_model=LevelsView,
    operation_id="listLevels",
    summary="Every declared level, oldest first",
    responses=problem_responses(refusals.NotFound),
)
async def levels(request: Request, crisis_id: UUID, caller: Reader) -> Response:
    """History; nothing in it is ever changed."""

    async def work(tx: Transaction) -> list[dict[str, Any]]:
        await reading.crisis(tx, crisis_id)
        return await crisis_store.levels(tx, crisis_id)

    return respond(answer({"items": await snapshot(request, work)}))


@router.post(
    "/{crisis_id}/area",
    response_model=CrisisView,
    operation_id="changeArea",
    summary="Declare the area or the supporting provinces",
    responses=problem_responses(
        refusals.NotFound, refusals.RoleMissing, refusals.CrisisNotInState, UnknownPlace
    ),
)
async def area(request: Request, crisis_id: UUID, body: AreaBody, caller: NeedWriter) -> Response:
    """Needs outside a smaller area go on."""
    tools = parts_of(request).tools
    declared = Declaration(body.declared_by, body.source_ref, body.declared_at)
    wanted = ChangeArea(crisis_id, body.area, body.supporting_provinces, declared)

    async def work(tx: Transaction) -> Answer:
        return answer(crisis_view(await change_area(tx, wanted, caller, tools)))

    return await command(request, caller, work)


@router.post(
    "/{crisis_id}/settings",
    response_model=CrisisView,
    operation_id="changeSettings",
    summary="Change timers, limits and views",
    responses=problem_responses(
        refusals.NotFound,
        refusals.RoleMissing,
        refusals.CrisisNotInState,
        refusals.SettingOutOfRange,
        refusals.FigureInvalid,
        refusals.TimersOutOfOrder,
        refusals.SettingsUnchanged,
    ),
)
async def settings(request: Request, crisis_id: UUID, body: SettingsBody, caller: NeedWriter) -> Response:
    """A new version; what is not given stays, and clocks that run keep their time."""
    tools = parts_of(request).tools
    wanted = ChangeSettings(crisis_id, body.model_dump(exclude_unset=True, exclude_none=True))

    async def work(tx: Transaction) -> Answer:
        return answer(crisis_view(await change_settings(tx, wanted, caller, tools)))

    return await command(request, caller, work)
