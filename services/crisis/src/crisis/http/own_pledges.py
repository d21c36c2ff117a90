"""PUT /crises/{id}/pledges/{id}: a pledge under an id of the pledger's own."""

from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.http.allocations import AllocationView, told_view
from crisis.http.own_ids import words_of
from crisis.http.parts import PledgeWriter, answer, parts_of, route_of, written
from crisis.http.pledge_shapes import PledgeBody
from crisis.http.pledges import REFUSED, stated
from crisis.usecases import reading
from crisis.usecases.propose_allocations import ProposeAllocation
from crisis.usecases.put_pledge import put_pledge
from imece_chassis import context
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.idempotent import request_of
from imece_chassis.http.problems import problem_responses
from imece_chassis.idempotency import body_hash

router = APIRouter(tags=["pledges"])


@router.put(
    "/crises/{crisis_id}/pledges/{pledge_id}",
    response_model=AllocationView,
    operation_id="putPledge",
    summary="Promise goods under an id of your own",
    responses={
        201: {"model": AllocationView, "description": "The pledge is new"},
        **problem_responses(
            *REFUSED, refusals.PledgeIdNotOrdered, refusals.PledgeIdTaken, refusals.PledgeSaidOtherwise
        ),
    },
)
async def put(
    request: Request, crisis_id: UUID, pledge_id: UUID, body: PledgeBody, caller: PledgeWriter
) -> Response:
    """Sending it twice promises once, however much later: no key is needed. `pledge_id` is a new UUIDv7.

    The answer is the allocation `pledge_id` as it is now. A pledge is never changed by saying it again: other
    words than the first time are refused, naming in `differs` what the record has otherwise. A number is the
    same however it is written: `10.0` is `10`.
    """
    parts = parts_of(request)
    wanted = ProposeAllocation(
        crisis_id=crisis_id,
        pledge=stated(body, caller, pledge_id),
        caller=caller,
        key=request_of(caller, route_of(request), str(pledge_id), words_of(body)),
        refusal=lambda error: None,
        traceparent=context.traceparent(),
        device_at=body.device_time,
    )

    as_sent = body_hash(await request.body())

    async def work(tx: Transaction) -> Answer:
        is_new = await put_pledge(tx, wanted, parts.propose, as_sent)
        told = await reading.allocation(tx, pledge_id, caller, parts.tools.clock.now())
        return answer(told_view(told), 201 if is_new else 200, f"/allocations/{pledge_id}")

    return await written(request, work)
