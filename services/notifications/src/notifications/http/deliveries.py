"""/deliveries: send again what ran out."""

from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from imece_chassis.answers import Answer, json_answer
from imece_chassis.database import Transaction
from imece_chassis.http.idempotent import idempotent
from imece_chassis.http.problems import problem_responses
from notifications.channels.webhook import webhook_id
from notifications.domain import refusals
from notifications.domain.kinds import Channel
from notifications.http.parts import Subscriber, route_of
from notifications.http.shapes import DeliveryView, delivery_view
from notifications.usecases.redrive import redrive

router = APIRouter(prefix="/deliveries", tags=["deliveries"])


@router.post(
    "/{delivery_id}/redrive",
    response_model=DeliveryView,
    operation_id="redriveDelivery",
    summary="Send a dead letter again",
    responses=problem_responses(
        refusals.DeliveryNotFound, refusals.DeliveryNotRedrivable, refusals.EndpointDisabled
    ),
)
async def send_again(request: Request, delivery_id: UUID, caller: Subscriber) -> Response:
    """Under the same id, with a new round of attempts, so that a receiver can drop what it has seen."""

    async def work(tx: Transaction) -> Answer:
        delivery = await redrive(tx, caller.organisation_id, delivery_id)
        is_webhook = delivery.channel == Channel.WEBHOOK
        return json_answer(delivery_view(delivery, webhook_id(delivery_id) if is_webhook else None))

    return await idempotent(request, caller, route_of(request), work)
