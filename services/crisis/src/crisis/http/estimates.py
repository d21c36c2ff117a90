"""/estimates: how much so many people need for so many days. An estimate is never a need."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.estimates import MOST_DAYS, MOST_PEOPLE, Estimate
from crisis.domain.units import plain
from crisis.http.parts import Reader, answer, snapshot
from crisis.http.shapes import View
from crisis.http.views import Document
from crisis.usecases.reading_estimates import estimated
from imece_chassis.http.problems import problem_responses
from imece_chassis.http.responses import respond

router = APIRouter(prefix="/estimates", tags=["needs"])


class EstimateView(View):
    """`quantity` in `unit`, from `value` per `per`, rounded up; the same in an item's base unit, if any."""

    key: str
    name_tr: str
    name_en: str
    quantity: str
    unit: str
    value: str
    per: str
    sector: str
    source: str
    status: str
    note: str
    is_overridden: bool
    item_code: str | None
    item_quantity: str | None
    item_unit: str | None


class EstimatesView(View):
    """Amounts to prefill a form with; they stay an estimate until a person submits a need."""

    label: Literal["estimate"]
    people: int
    days: int
    items: tuple[EstimateView, ...]


@router.get(
    "",
    response_model=EstimatesView,
    operation_id="estimateNeeds",
    summary="What people need for some days, by minimum standards",
    responses=problem_responses(refusals.NotFound),
)
async def estimate(
    request: Request,
    caller: Reader,
    people: Annotated[int, Query(ge=1, le=MOST_PEOPLE)],
    days: Annotated[int, Query(ge=1, le=MOST_DAYS)] = 1,
    crisis_id: Annotated[UUID | None, Query(description="Use this crisis' own figures")] = None,
) -> Response:
    """Every amount names the line of the standard it comes from."""
    found = await snapshot(request, lambda tx: estimated(tx, people, days, crisis_id))
    listed = [_view(each) for each in found]
    return respond(answer({"label": "estimate", "people": people, "days": days, "items": listed}))


def _view(each: Estimate) -> Document:
    return {
        "key": each.key,
        "name_tr": each.name_tr,
        "name_en": each.name_en,
        "quantity": plain(each.quantity),
        "unit": each.unit,
        "value": plain(each.value),
        "per": each.per,
        "sector": each.sector,
        "source": each.source,
        "status": each.status,
        "note": each.note,
        "is_overridden": each.is_overridden,
        "item_code": each.item_code,
        "item_quantity": None if each.item_quantity is None else plain(each.item_quantity),
        "item_unit": each.item_unit,
    }
