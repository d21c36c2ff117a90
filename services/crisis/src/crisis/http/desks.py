"""/desks and /watches: who decides for which area, and who takes a seat there."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.desks import Desk, DeskLevel, Watch
from crisis.domain.tasks import Seat
from crisis.events import moment
from crisis.http.lists import PageView, page_answer
from crisis.http.parts import NeedWriter, Reader, answer, command, parts_of, snapshot, versioned
from crisis.http.shapes import Body, Cursor, GivenMoment, PCode, View
from crisis.store import desks
from crisis.usecases.open_desk import ChangeDesk, OpenDesk, change_desk, open_desk
from crisis.usecases.seat_watch import SeatWatch, end_watch, seat_watch
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.etags import NOT_MODIFIED
from imece_chassis.http.paging import DEFAULT_LIMIT, MAX_LIMIT, CursorInvalid, filters_of
from imece_chassis.http.problems import problem_responses
from imece_reference.refusals import UnknownPlace

router = APIRouter(tags=["desks"])

Area = Annotated[tuple[PCode, ...], Field(max_length=1000)]
Group = Annotated[str, Field(min_length=1, max_length=40, description="TAMP group; none: every group")]
Groups = Annotated[tuple[Group, ...], Field(max_length=100)]
PersonRef = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$", description="Opaque reference; never a name or number")
]


class DeskBody(Body):
    """A desk to be opened; with `desk_id` the client chose its id and may repeat."""

    desk_id: UUID | None = None
    crisis_id: UUID | None = None
    level: DeskLevel
    area: Area = ()
    item_groups: Groups = ()
    host_org_id: UUID


class DeskChangeBody(Body):
    """What is not given stays."""

    area: Area | None = None
    item_groups: Groups | None = None
    host_org_id: UUID | None = None
    is_active: bool | None = None


class DeskView(View):
    """A desk; without crisis it is a standing one."""

    desk_id: UUID
    crisis_id: UUID | None
    is_drill: bool
    level: DeskLevel
    area: tuple[str, ...]
    item_groups: tuple[str, ...]
    host_org_id: UUID
    is_active: bool
    version: int


class DeskPage(PageView):
    """Active desks by id."""

    items: tuple[DeskView, ...]


class WatchBody(Body):
    """Who sits where, from `since` until just before `until`, at most 31 days."""

    watch_id: UUID | None = None
    desk_id: UUID
    seat: Seat
    person_ref: PersonRef
    since: GivenMoment
    until: GivenMoment


class WatchView(View):
    """A watch; the person is an opaque reference."""

    watch_id: UUID
    desk_id: UUID
    seat: Seat
    person_ref: str
    since: datetime
    until: datetime
    version: int


class EndedView(View):
    """`kept` is the part that was kept; null when the watch had not begun and is gone."""

    watch_id: UUID
    kept: WatchView | None


@router.post(
    "/desks",
    status_code=201,
    response_model=DeskView,
    operation_id="openDesk",
    summary="Open a desk",
    responses=problem_responses(
        refusals.RoleMissing,
        refusals.NotFound,
        refusals.CrisisNotInState,
        refusals.DeskAreaInvalid,
        refusals.DeskIdTaken,
        UnknownPlace,
    ),
)
async def open_one(request: Request, body: DeskBody, caller: NeedWriter) -> Response:
    """Only the secretariat opens desks; tasks go to the most particular one of place and item group."""
    tools = parts_of(request).tools
    wanted = OpenDesk(
        level=body.level,
        area=body.area,
        item_groups=body.item_groups,
        host_org_id=body.host_org_id,
        crisis_id=body.crisis_id,
        desk_id=body.desk_id,
    )

    async def work(tx: Transaction) -> Answer:
        desk = await open_desk(tx, wanted, caller, tools)
        return answer(desk_view(desk), 201, f"/desks/{desk.desk_id}")

    return await command(request, caller, work)


@router.post(
    "/desks/{desk_id}/change",
    response_model=DeskView,
    operation_id="changeDesk",
    summary="Change a desk's area, groups or host, or close it",
    responses=problem_responses(
        refusals.RoleMissing, refusals.NotFound, refusals.DeskAreaInvalid, UnknownPlace
    ),
)
async def change(request: Request, desk_id: UUID, body: DeskChangeBody, caller: NeedWriter) -> Response:
    """Tasks the desk has already stay with it."""
    tools = parts_of(request).tools
    wanted = ChangeDesk(desk_id, body.area, body.item_groups, body.host_org_id, body.is_active)

    async def work(tx: Transaction) -> Answer:
        return answer(desk_view(await change_desk(tx, wanted, caller, tools)))

    return await command(request, caller, work)


@router.get(
    "/desks",
    response_model=DeskPage,
    operation_id="listDesks",
    summary="Active desks",
    responses=problem_responses(CursorInvalid),
)
async def page(
    request: Request,
    caller: Reader,
    crisis_id: Annotated[UUID | None, Query(description="Of this crisis, with the standing ones")] = None,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """Every member may read which organisation decides where."""
    cursors = parts_of(request).cursors("desks")
    wanted = cursors.page(cursor, limit, filters_of(request))
    after = UUID(wanted.after[0]) if wanted.after else None
    found = await snapshot(request, lambda tx: desks.page(tx, crisis_id, after, wanted.limit + 1))
    return page_answer(request, cursors, [desk_view(desk) for desk in found], "desk_id", wanted.limit)


@router.get(
    "/desks/{desk_id}",
    response_model=DeskView,
    operation_id="getDesk",
    summary="One desk",
    responses={**NOT_MODIFIED, **problem_responses(refusals.NotFound)},
)
async def one(request: Request, desk_id: UUID, caller: Reader) -> Response:
    """Every member may read it, also when it is closed."""
    found = await snapshot(request, lambda tx: desks.read(tx, desk_id))
    if found is None:
        raise refusals.NotFound(kind="desk", id=str(desk_id))
    return versioned(request, desk_view(found))


@router.post(
    "/watches",
    status_code=201,
    response_model=WatchView,
    operation_id="seatWatch",
    summary="Seat somebody at a desk",
    responses=problem_responses(
        refusals.RoleMissing,
        refusals.NotFound,
        refusals.DeskClosed,
        refusals.PeriodInvalid,
        refusals.WatchIdTaken,
        refusals.WatchOverlaps,
    ),
)
async def seat(request: Request, body: WatchBody, caller: NeedWriter) -> Response:
    """By the secretariat or the organisation that hosts the desk. Nobody sits twice at once."""
    tools = parts_of(request).tools
    wanted = SeatWatch(body.desk_id, body.seat, body.person_ref, body.since, body.until, body.watch_id)

    async def work(tx: Transaction) -> Answer:
        return answer(watch_view(await seat_watch(tx, wanted, caller, tools)), 201)

    return await command(request, caller, work)


@router.post(
    "/watches/{watch_id}/end",
    response_model=EndedView,
    operation_id="endWatch",
    summary="End a watch now",
    responses=problem_responses(refusals.RoleMissing, refusals.NotFound, refusals.WatchEnded),
)
async def end(request: Request, watch_id: UUID, caller: NeedWriter) -> Response:
    """The part that was kept stays; a watch that had not begun is gone."""
    tools = parts_of(request).tools

    async def work(tx: Transaction) -> Answer:
        watch = await end_watch(tx, watch_id, caller, tools)
        return answer({"watch_id": watch_id, "kept": watch_view(watch) if watch else None})

    return await command(request, caller, work)


def desk_view(desk: Desk) -> dict[str, Any]:
    """A desk as a document."""
    return {
        "desk_id": desk.desk_id,
        "crisis_id": desk.crisis_id,
        "is_drill": desk.is_drill,
        "level": desk.level,
        "area": desk.area,
        "item_groups": desk.item_groups,
        "host_org_id": desk.host_org_id,
        "is_active": desk.is_active,
        "version": desk.version,
    }


def watch_view(watch: Watch) -> dict[str, Any]:
    """A watch as a document."""
    return {
        "watch_id": watch.watch_id,
        "desk_id": watch.desk_id,
        "seat": watch.seat,
        "person_ref": watch.person_ref,
        "since": moment(watch.since),
        "until": moment(watch.until),
        "version": watch.version,
    }
