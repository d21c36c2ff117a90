"""/two-keys: what waits for a second key; confirm it, or say no."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.reasons import REFUSE_KEY
from crisis.domain.two_keys import PendingKey
from crisis.events import moment
from crisis.http.lists import PageView, page_answer
from crisis.http.parts import NeedWriter, Reader, answer, command, parts_of, snapshot, step
from crisis.http.reason_lists import one_of
from crisis.http.shapes import Body, Cursor, Reason, View
from crisis.usecases.settle_two_keys import (
    RefuseTwoKeys,
    confirm_two_keys,
    pending_two_keys,
    refuse_two_keys,
)
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.paging import DEFAULT_LIMIT, MAX_LIMIT, CursorInvalid, filters_of
from imece_chassis.http.problems import problem_responses

router = APIRouter(prefix="/two-keys", tags=["two keys"])


class RefuseBody(Body):
    """Why not: a code of the reason list."""

    reason: Reason


class TwoKeysView(View):
    """A request: what is to be done on which subject, by when the second key must come, what became of it."""

    two_key_id: UUID
    crisis_id: UUID
    is_drill: bool
    action: str
    subject_type: str
    subject_id: UUID
    payload: dict[str, Any]
    state: Literal["pending", "confirmed", "refused", "lapsed"]
    first_org_id: UUID
    first_role: str
    opened_at: datetime
    expires_at: datetime
    second_org_id: UUID | None
    second_role: str | None
    settled_at: datetime | None
    reason: str | None
    version: int


class TwoKeysPage(PageView):
    """Requests, newest first."""

    items: tuple[TwoKeysView, ...]


_SETTLED = (
    refusals.NotFound,
    refusals.RoleMissing,
    refusals.KeyNotPending,
    refusals.SecondKeyMissing,
)

_BY_ACTION = (
    refusals.CrisisNotInState,
    refusals.ReopeningTooLate,
    refusals.SameParty,
    refusals.NeedClosed,
    refusals.NeedNotSubmitted,
    refusals.NeedNotOpen,
    refusals.CrisisNotOpen,
    refusals.OverCapInUse,
    refusals.NothingRevised,
    refusals.AllocationNotInState,
    refusals.CorrectionIncomplete,
    refusals.LineOverdue,
    refusals.LineFull,
    refusals.OfferNotInState,
    refusals.EarmarkMismatch,
    refusals.ConditionOpen,
    refusals.GapExceeded,
    refusals.SupplyExceeded,
)
"""What re-opening a crisis, rejecting a need, setting an over-cap and correcting the record refuse."""


@router.get(
    "",
    response_model=TwoKeysPage,
    operation_id="listTwoKeys",
    summary="What waits for a second key",
    responses=problem_responses(CursorInvalid),
)
async def page(
    request: Request,
    caller: Reader,
    crisis_id: Annotated[UUID | None, Query(description="Only of this crisis")] = None,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """For those who may turn the second key, and for the organisation that turned the first."""
    cursors = parts_of(request).cursors("two_keys")
    wanted = cursors.page(cursor, limit, filters_of(request))
    after = UUID(str(wanted.after[0])) if wanted.after else None
    found = await snapshot(
        request, lambda tx: pending_two_keys(tx, caller, crisis_id, after, wanted.limit + 1)
    )
    return page_answer(request, cursors, [two_keys_view(each) for each in found], "two_key_id", wanted.limit)


@router.post(
    "/{two_key_id}/confirm",
    response_model=TwoKeysView,
    operation_id="confirmTwoKeys",
    summary="Turn the second key",
    responses=problem_responses(*_SETTLED, refusals.SameKey, *_BY_ACTION),
)
async def confirm(request: Request, two_key_id: UUID, caller: NeedWriter) -> Response:
    """By another key than the first, entitled to the action.

    What was asked happens now; if it is refused, with the action's own reason, the request goes on waiting.
    """
    return await step(request, caller, confirm_two_keys, two_key_id, two_keys_view)


@router.post(
    "/{two_key_id}/refuse",
    response_model=TwoKeysView,
    operation_id="refuseTwoKeys",
    summary="Say no as the second key, or take the request back",
    responses=problem_responses(*_SETTLED, refusals.ReasonUnknown),
    openapi_extra=one_of(REFUSE_KEY),
)
async def refuse(request: Request, two_key_id: UUID, body: RefuseBody, caller: NeedWriter) -> Response:
    """By whoever may confirm; the key that asked may take its request back."""
    tools = parts_of(request).tools

    async def work(tx: Transaction) -> Answer:
        wanted = RefuseTwoKeys(two_key_id, body.reason)
        return answer(two_keys_view(await refuse_two_keys(tx, wanted, caller, tools)))

    return await command(request, caller, work)


def two_keys_view(asked: PendingKey) -> dict[str, Any]:
    """A request as the API shows it; keys themselves are never shown."""
    return {
        "two_key_id": asked.two_key_id,
        "crisis_id": asked.crisis_id,
        "is_drill": asked.is_drill,
        "action": asked.action,
        "subject_type": asked.subject_type,
        "subject_id": asked.subject_id,
        "payload": dict(asked.payload),
        "state": asked.state.value,
        "first_org_id": asked.first_org_id,
        "first_role": asked.first_role,
        "opened_at": moment(asked.opened_at),
        "expires_at": moment(asked.expires_at),
        "second_org_id": asked.second_org_id,
        "second_role": asked.second_role,
        "settled_at": moment(asked.settled_at) if asked.settled_at else None,
        "reason": asked.reason,
        "version": asked.version,
    }
