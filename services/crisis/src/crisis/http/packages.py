"""/packages: goods kept ready without a crisis; read them, check them with one tap, give them up."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.packages import Package
from crisis.events import moment
from crisis.http import own_ids
from crisis.http.lists import PageView, page_answer
from crisis.http.offer_shapes import ItemCode, Minutes, MoneyView, OfferLineBody
from crisis.http.offer_views import line_of, stated_view
from crisis.http.parts import PledgeWriter, Reader, answer, command, parts_of, snapshot, versioned
from crisis.http.shapes import Body, Cursor, PackView, PCode, View
from crisis.http.views import Document
from crisis.usecases import reading_packages
from crisis.usecases.keep_package import OpenPackage, open_package, retire_package, verify_package
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.etags import NOT_MODIFIED
from imece_chassis.http.paging import DEFAULT_LIMIT, MAX_LIMIT, CursorInvalid, filters_of
from imece_chassis.http.problems import problem_responses
from imece_reference.refusals import InvalidQuantity, NotWhole, UnknownItem, UnknownPlace, UnknownUnit

router = APIRouter(prefix="/packages", tags=["packages"])


class PackageBody(Body):
    """What your organisation keeps ready, and where."""

    origin: PCode
    lines: Annotated[list[OfferLineBody], Field(min_length=1, max_length=50)]
    ready_within_minutes: Minutes | None = None
    has_transport: bool = False


class PackageLineView(View):
    """A line; `shelf_mark` is yellow below nine months, red below three."""

    package_line_id: UUID
    item_code: str
    quantity: str
    unit: str
    entered_as: PackView
    step: str
    lot: str | None
    best_before: date | None
    shelf_mark: Literal["yellow", "red"] | None
    value: MoneyView | None
    earmark: dict[str, list[str]]
    ready_within_minutes: int | None


class PackageView(View):
    """A package; past `verify_due_at` it is stale until it is checked."""

    package_id: UUID
    org_id: UUID
    origin: str
    has_transport: bool
    ready_within_minutes: int | None
    state: Literal["verified", "stale", "retired"]
    verified_at: datetime
    verify_due_at: datetime
    version: int
    lines: tuple[PackageLineView, ...]


class PackagePage(PageView):
    """Packages, newest first."""

    items: tuple[PackageView, ...]


_SEEN = (refusals.NotFound, refusals.RoleMissing, refusals.PackageRetired)
_STATED = (
    refusals.RoleMissing,
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


@router.post(
    "",
    status_code=201,
    response_model=PackageView,
    operation_id="openPackage",
    summary="Keep goods ready",
    responses=problem_responses(*_STATED),
)
async def open_one(request: Request, body: PackageBody, caller: PledgeWriter) -> Response:
    """Without a crisis: pledged with one tap later, or called by a desk."""
    tools = parts_of(request).tools

    async def work(tx: Transaction) -> Answer:
        package = await open_package(tx, _stated(body), caller, tools)
        return answer(package_view(package, tools.clock.now()), 201, f"/packages/{package.package_id}")

    return await command(request, caller, work)


@router.put(
    "/{package_id}",
    response_model=PackageView,
    operation_id="putPackage",
    summary="Keep goods ready under an id of your own",
    responses={
        201: {"model": PackageView, "description": "The package is new"},
        **problem_responses(*_STATED, *own_ids.REFUSED),
    },
)
async def put(request: Request, package_id: UUID, body: PackageBody, caller: PledgeWriter) -> Response:
    """Sending it twice keeps it once, however much later: no key is needed. `package_id` is a new UUIDv7.

    The answer is the package as it is now; other words than the first time are refused.
    """
    tools = parts_of(request).tools
    return await own_ids.put(
        request,
        caller,
        package_id,
        body,
        find=lambda tx: reading_packages.package(tx, package_id, caller),
        make=lambda tx: open_package(tx, _stated(body, package_id), caller, tools),
        view=lambda package: package_view(package, tools.clock.now()),
        location=f"/packages/{package_id}",
    )


@router.post(
    "/{package_id}/verify",
    response_model=PackageView,
    operation_id="verifyPackage",
    summary="Say that a package is still there",
    responses=problem_responses(*_SEEN, refusals.BestBeforePast),
)
async def verify(request: Request, package_id: UUID, caller: PledgeWriter) -> Response:
    """Good for another thirty days, also when it was stale."""
    tools = parts_of(request).tools

    async def work(tx: Transaction) -> Answer:
        package = await verify_package(tx, package_id, caller, tools)
        return answer(package_view(package, tools.clock.now()))

    return await command(request, caller, work)


@router.post(
    "/{package_id}/retire",
    response_model=PackageView,
    operation_id="retirePackage",
    summary="Give a package up",
    responses=problem_responses(*_SEEN),
)
async def retire(request: Request, package_id: UUID, caller: PledgeWriter) -> Response:
    """Offers made of it go on."""
    tools = parts_of(request).tools

    async def work(tx: Transaction) -> Answer:
        package = await retire_package(tx, package_id, caller, tools)
        return answer(package_view(package, tools.clock.now()))

    return await command(request, caller, work)


@router.get(
    "/{package_id}",
    response_model=PackageView,
    operation_id="getPackage",
    summary="One package",
    responses={**NOT_MODIFIED, **problem_responses(refusals.NotFound)},
)
async def one(request: Request, package_id: UUID, caller: Reader) -> Response:
    """For its organisation and for desks; 404 for everybody else."""
    found = await snapshot(request, lambda tx: reading_packages.package(tx, package_id, caller))
    return versioned(request, package_view(found, parts_of(request).tools.clock.now()))


@router.get(
    "",
    response_model=PackagePage,
    operation_id="listPackages",
    summary="Packages, newest first",
    responses=problem_responses(CursorInvalid),
)
async def page(
    request: Request,
    caller: Reader,
    item_code: Annotated[ItemCode | None, Query(description="Only with this item")] = None,
    mine: Annotated[bool, Query(description="Only those of your organisation")] = False,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """A desk sees what organisations keep ready now, never what is stale; others all of their own."""
    parts = parts_of(request)
    cursors = parts.cursors("packages")
    wanted = cursors.page(cursor, limit, filters_of(request))
    found = await snapshot(
        request,
        lambda tx: reading_packages.page(
            tx,
            caller,
            item_code=item_code,
            is_mine=mine,
            after=wanted.after,
            limit=wanted.limit + 1,
            tools=parts.tools,
        ),
    )
    rows = [package_view(each, parts.tools.clock.now()) for each in found]
    return page_answer(request, cursors, rows, "package_id", wanted.limit)


def _stated(body: PackageBody, package_id: UUID | None = None) -> OpenPackage:
    return OpenPackage(
        origin=body.origin,
        lines=tuple(line_of(line) for line in body.lines),
        ready_within_minutes=body.ready_within_minutes,
        has_transport=body.has_transport,
        package_id=package_id,
    )


def package_view(package: Package, now: datetime) -> Document:
    """A package."""
    return {
        "package_id": package.package_id,
        "org_id": package.org_id,
        "origin": package.origin,
        "has_transport": package.has_transport,
        "ready_within_minutes": package.ready_within_minutes,
        "state": package.state.value,
        "verified_at": moment(package.verified_at),
        "verify_due_at": moment(package.verify_due_at),
        "version": package.version,
        "lines": [
            {"package_line_id": line.offer_line_id, **stated_view(line, now)} for line in package.lines
        ],
    }
