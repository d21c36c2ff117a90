"""/offers/{id}/object: an organisation does not stand by what a desk promised in its name."""

from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.reasons import OBJECT
from crisis.http.offer_commands import ReasonBody, run
from crisis.http.offer_shapes import OfferView
from crisis.http.parts import EitherWriter
from crisis.http.reason_lists import one_of
from crisis.usecases.object_on_behalf import ObjectOnBehalf, object_on_behalf
from imece_chassis.http.problems import problem_responses

router = APIRouter(prefix="/offers/{offer_id}", tags=["offers"])


@router.post(
    "/object",
    response_model=OfferView,
    operation_id="objectOnBehalf",
    summary="Object to what a desk promised in your name",
    responses=problem_responses(
        refusals.NotFound,
        refusals.RoleMissing,
        refusals.NotOnBehalf,
        refusals.ObjectionTooLate,
        refusals.OfferNotInState,
        refusals.ReasonUnknown,
    ),
    openapi_extra=one_of(OBJECT),
)
async def object_to(request: Request, offer_id: UUID, body: ReasonBody, caller: EitherWriter) -> Response:
    """By any role of the organisation it was written for, until `object_until`. The offer ends with all that
    is free of it; what waits or is held of it is withdrawn as `objection`. What has left is corrected by the
    secretariat."""
    return await run(request, caller, object_on_behalf, ObjectOnBehalf(offer_id, body.reason))
