"""/packages/{id}/pledge and /call: from goods kept ready to a promise, in one step."""

from uuid import UUID

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.events import vector
from crisis.http.allocations import MovedView
from crisis.http.offer_shapes import OfferView
from crisis.http.offers import shown
from crisis.http.parts import NeedWriter, PledgeWriter, answer, command, parts_of
from crisis.http.pledge_shapes import PledgeListItem
from crisis.http.shapes import Body, LineView, Quantity, Unit, View
from crisis.http.views import allocation_view, moved_answer
from crisis.usecases.call_package import CallPackage, call_package
from crisis.usecases.pledge_package import pledge_package
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.problems import problem_responses
from imece_reference.refusals import InvalidQuantity, NotWhole, UnknownUnit

router = APIRouter(prefix="/packages/{package_id}", tags=["packages"])


class PledgePackageBody(Body):
    """The need it shall go to."""

    need_id: UUID


class CallPackageBody(Body):
    """How much of it for which line."""

    need_line_id: UUID
    quantity: Quantity
    unit: Unit


class PromisedRowView(PledgeListItem):
    """An allocation, proposed or waitlisted, with its line after it."""

    line: LineView


class PackagePledgedView(View):
    """The offer the package became, and what of it was promised."""

    offer: OfferView
    allocations: tuple[PromisedRowView, ...]


_PROMISED = (
    refusals.NotFound,
    refusals.RoleMissing,
    refusals.PackageRetired,
    refusals.PackageStale,
    refusals.PackageDoesNotFit,
    refusals.BestBeforePast,
    refusals.OrganisationMayNotAct,
    refusals.Saturated,
    refusals.CrisisNotOpen,
    refusals.NeedClosed,
    refusals.NeedNotOpen,
    refusals.LineOverdue,
    refusals.SameParty,
    refusals.EarmarkMismatch,
    refusals.TooSmall,
    refusals.LineFull,
    refusals.SupplyExceeded,
)


@router.post(
    "/pledge",
    status_code=201,
    response_model=PackagePledgedView,
    operation_id="pledgePackage",
    summary="Promise all of a package that a need asks for",
    responses=problem_responses(*_PROMISED, refusals.AboveOwnThreshold),
)
async def pledge(
    request: Request, package_id: UUID, body: PledgePackageBody, caller: PledgeWriter
) -> Response:
    """One tap, one transaction: an offer, and a proposal for every line of the need that the package fits."""
    tools = parts_of(request).tools

    async def work(tx: Transaction) -> Answer:
        done = await pledge_package(tx, package_id, body.need_id, caller, tools)
        rows = [
            {
                **allocation_view(row.pledge.row, row.line),
                "line": orjson.Fragment(vector(row.line, row.pledge.after)),
            }
            for row in done.rows
        ]
        document = {"offer": await shown(tx, done.offer, tools), "allocations": rows}
        return answer(document, 201, f"/offers/{done.offer.offer_id}")

    return await command(request, caller, work)


@router.post(
    "/call",
    status_code=201,
    response_model=MovedView,
    operation_id="callPackage",
    summary="Ask for goods of a package",
    responses=problem_responses(
        *_PROMISED,
        refusals.NeedStale,
        refusals.GapExceeded,
        refusals.QuantityTooLarge,
        UnknownUnit,
        InvalidQuantity,
        NotWhole,
    ),
)
async def call(request: Request, package_id: UUID, body: CallPackageBody, caller: NeedWriter) -> Response:
    """By a desk of the line's area. The pledger must agree; its offer ends with the call."""
    tools = parts_of(request).tools
    wanted = CallPackage(package_id, body.need_line_id, body.quantity, body.unit)

    async def work(tx: Transaction) -> Answer:
        moved = await call_package(tx, wanted, caller, tools)
        where = (("location", f"/allocations/{moved.rows[0].allocation_id}"),)
        return moved_answer(moved, 201, where)

    return await command(request, caller, work)
