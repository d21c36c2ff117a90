"""/offer-thresholds: above which size your organisation wants a second key of its own on an offer."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.thresholds import Amounts, Thresholds
from crisis.domain.units import plain
from crisis.http.offer_shapes import Amount, Currency, ItemCode
from crisis.http.parts import PledgeWriter, Reader, answer, command, parts_of, snapshot
from crisis.http.shapes import Body, Quantity, View
from crisis.http.views import Document
from crisis.usecases.set_thresholds import SetThresholds, own_thresholds, set_thresholds
from imece_chassis.access.caller import Caller
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.problems import problem_responses
from imece_chassis.http.responses import respond
from imece_reference.refusals import InvalidQuantity, NotWhole, UnknownItem

router = APIRouter(prefix="/offer-thresholds", tags=["offers"])


class ThresholdsBody(Body):
    """Quantities by item in its base unit, values by currency; what is left out has no threshold."""

    quantities: Annotated[dict[ItemCode, Quantity], Field(max_length=500)] = Field(default_factory=dict)
    values: Annotated[dict[Currency, Amount], Field(max_length=20)] = Field(default_factory=dict)


class ThresholdsView(View):
    """As stated last, and as they count now: what was raised or removed counts for 24 h more.

    Version 0: none were ever set."""

    org_id: UUID
    quantities: dict[str, str]
    values: dict[str, str]
    quantities_in_force: dict[str, str]
    values_in_force: dict[str, str]
    version: int


@router.get(
    "", response_model=ThresholdsView, operation_id="getOfferThresholds", summary="Your own thresholds"
)
async def mine(request: Request, caller: Reader) -> Response:
    """Only your organisation sees them."""
    found = await snapshot(request, lambda tx: own_thresholds(tx, caller))
    return respond(answer(_view(caller, *found)))


@router.post(
    "",
    response_model=ThresholdsView,
    operation_id="setOfferThresholds",
    summary="Set your own thresholds",
    responses=problem_responses(
        refusals.RoleMissing,
        refusals.ItemNotGoods,
        refusals.QuantityTooLarge,
        UnknownItem,
        InvalidQuantity,
        NotWhole,
    ),
)
async def set_mine(request: Request, body: ThresholdsBody, caller: PledgeWriter) -> Response:
    """They replace the ones before and count for offers opened from now on.

    A limit that is raised or left out goes on counting for 24 h.
    """
    tools = parts_of(request).tools
    values = {currency: Decimal(amount) for currency, amount in body.values.items()}

    async def work(tx: Transaction) -> Answer:
        wanted = SetThresholds(body.quantities, values)
        await set_thresholds(tx, wanted, caller, tools)
        return answer(_view(caller, *await own_thresholds(tx, caller)))

    return await command(request, caller, work)


def _view(caller: Caller, stated: Thresholds, counting: Thresholds) -> Document:
    return {
        "org_id": caller.organisation_id,
        "quantities": _plain(stated.quantities),
        "values": _plain(stated.values),
        "quantities_in_force": _plain(counting.quantities),
        "values_in_force": _plain(counting.values),
        "version": stated.version,
    }


def _plain(amounts: Amounts) -> dict[str, str]:
    return {name: plain(amount) for name, amount in amounts.items()}
