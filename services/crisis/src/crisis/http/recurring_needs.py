"""Recurring needs: stated again every few days from a template, until a day or until somebody stops it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.domain.templates import Recurring
from crisis.events import moment
from crisis.http import own_ids
from crisis.http.lists import PageView, page_answer
from crisis.http.parts import NeedWriter, Reader, answer, command, parts_of, snapshot, versioned
from crisis.http.shapes import Cursor, GivenMoment, View
from crisis.http.templates import FromTemplateBody
from crisis.http.views import Document
from crisis.usecases.recurring_needs import (
    RepeatNeed,
    own_recurring,
    own_series,
    repeat_need,
    stop_repeating,
)
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.http.etags import NOT_MODIFIED
from imece_chassis.http.paging import DEFAULT_LIMIT, MAX_LIMIT, CursorInvalid, filters_of
from imece_chassis.http.problems import problem_responses
from imece_reference.refusals import UnknownPlace

router = APIRouter(tags=["templates"])

_STATED = (
    refusals.NotFound,
    refusals.RoleMissing,
    refusals.TemplateRetired,
    refusals.CrisisNotOpen,
    refusals.PlaceOutsideArea,
    refusals.UntilPast,
    UnknownPlace,
)


class RepeatBody(FromTemplateBody):
    """Every so many days from `first_at` (now) on, for the last time not after `until`."""

    every_days: Annotated[int, Field(ge=1, le=30)]
    until: GivenMoment
    first_at: GivenMoment | None = None


class RecurringView(View):
    """A need that is stated again and again: how often so far, when next, why it ended."""

    recurring_id: UUID
    crisis_id: UUID
    template_id: UUID
    district: str
    every_days: int
    is_draft: bool
    state: Literal["running", "ended", "stopped"]
    next_at: datetime | None
    until: datetime
    made: int
    last_need_id: UUID | None
    end_reason: str | None
    version: int


class RecurringPage(PageView):
    """Recurring needs, newest first."""

    items: tuple[RecurringView, ...]


@router.post(
    "/crises/{crisis_id}/recurring-needs",
    status_code=201,
    response_model=RecurringView,
    operation_id="repeatNeed",
    summary="State a need again every few days",
    responses=problem_responses(*_STATED),
)
async def repeat(request: Request, crisis_id: UUID, body: RepeatBody, caller: NeedWriter) -> Response:
    """Each time is a need of its own, submitted or a draft. What can no longer be stated ends the series."""
    tools = parts_of(request).tools

    async def work(tx: Transaction) -> Answer:
        made = await repeat_need(tx, _stated(crisis_id, body), caller, tools)
        return answer(_recurring(made), 201, f"/recurring-needs/{made.recurring_id}")

    return await command(request, caller, work)


@router.put(
    "/crises/{crisis_id}/recurring-needs/{recurring_id}",
    response_model=RecurringView,
    operation_id="putRecurringNeed",
    summary="State a need again every few days, under an id of your own",
    responses={
        201: {"model": RecurringView, "description": "The recurring need is new"},
        **problem_responses(*_STATED, *own_ids.REFUSED),
    },
)
async def put(
    request: Request, crisis_id: UUID, recurring_id: UUID, body: RepeatBody, caller: NeedWriter
) -> Response:
    """Sending it twice starts it once, however much later: no key is needed. `recurring_id` is a new UUIDv7.

    The answer is the recurring need as it is now; other words than the first time are refused.
    """
    tools = parts_of(request).tools
    return await own_ids.put(
        request,
        caller,
        recurring_id,
        body,
        find=lambda tx: own_series(tx, recurring_id, caller, crisis_id),
        make=lambda tx: repeat_need(tx, _stated(crisis_id, body, recurring_id), caller, tools),
        view=_recurring,
        location=f"/recurring-needs/{recurring_id}",
    )


@router.get(
    "/recurring-needs/{recurring_id}",
    response_model=RecurringView,
    operation_id="getRecurringNeed",
    summary="One recurring need",
    responses={**NOT_MODIFIED, **problem_responses(refusals.NotFound)},
)
async def one(request: Request, recurring_id: UUID, caller: Reader) -> Response:
    """For its organisation; 404 for everybody else."""
    return versioned(
        request, _recurring(await snapshot(request, lambda tx: own_series(tx, recurring_id, caller)))
    )


@router.get(
    "/crises/{crisis_id}/recurring-needs",
    response_model=RecurringPage,
    operation_id="listRecurringNeeds",
    summary="Own recurring needs, newest first",
    responses=problem_responses(refusals.NotFound, CursorInvalid),
)
async def recurring(
    request: Request,
    crisis_id: UUID,
    caller: Reader,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """Follow `next_cursor` or the Link header."""
    cursors = parts_of(request).cursors("recurring")
    wanted = cursors.page(cursor, limit, filters_of(request))
    after = UUID(str(wanted.after[0])) if wanted.after else None
    found = await snapshot(request, lambda tx: own_recurring(tx, crisis_id, caller, after, wanted.limit + 1))
    return page_answer(request, cursors, [_recurring(each) for each in found], "recurring_id", wanted.limit)


@router.post(
    "/recurring-needs/{recurring_id}/stop",
    response_model=RecurringView,
    operation_id="stopRepeating",
    summary="State it no more",
    responses=problem_responses(refusals.NotFound, refusals.RoleMissing, refusals.RecurringEnded),
)
async def stop(request: Request, recurring_id: UUID, caller: NeedWriter) -> Response:
    """By its own organisation or a desk of the place. What was stated stays."""
    tools = parts_of(request).tools

    async def work(tx: Transaction) -> Answer:
        return answer(_recurring(await stop_repeating(tx, recurring_id, caller, tools)))

    return await command(request, caller, work)


def _stated(crisis_id: UUID, body: RepeatBody, recurring_id: UUID | None = None) -> RepeatNeed:
    return RepeatNeed(
        crisis_id=crisis_id,
        template_id=body.template_id,
        every_days=body.every_days,
        until=body.until,
        first_at=body.first_at,
        district=body.district,
        is_draft=body.is_draft,
        recurring_id=recurring_id,
    )


def _recurring(each: Recurring) -> Document:
    return {
        "recurring_id": each.recurring_id,
        "crisis_id": each.crisis_id,
        "template_id": each.template_id,
        "district": each.district,
        "every_days": each.every_days,
        "is_draft": each.is_draft,
        "state": each.state.value,
        "next_at": moment(each.next_at) if each.deadline_id else None,
        "until": moment(each.until),
        "made": each.made,
        "last_need_id": each.last_need_id,
        "end_reason": each.end_reason,
        "version": each.version,
    }
