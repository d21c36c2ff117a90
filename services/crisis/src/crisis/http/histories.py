"""/needs/{id}/history: who did what to a need, its lines and what was promised for them, and why."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.events import moment
from crisis.http.lists import PageQuery, PageView, page_answer
from crisis.http.parts import Reader, parts_of, snapshot
from crisis.http.shapes import View
from crisis.usecases.reading_history import need_history
from imece_chassis.http.paging import CursorInvalid, filters_of
from imece_chassis.http.problems import problem_responses

router = APIRouter(tags=["needs"])


class HistoryEntry(View):
    """One command on the need, one of its lines, or an allocation. The clock is role `system`, of nobody.

    `bundle_id` is what the allocation is a row of.

    `device_time` is what the sender's device claimed it was; `at` is the time that counts.
    """

    command_id: UUID
    command: str
    at: datetime
    device_time: datetime | None
    subject_type: str
    subject_id: UUID
    bundle_id: UUID | None
    actor_role: str
    actor_org_id: UUID | None
    reason: str | None
    before_version: int
    after_version: int


class HistoryPage(PageView):
    """A need's story, oldest first."""

    items: tuple[HistoryEntry, ...]


@router.get(
    "/needs/{need_id}/history",
    response_model=HistoryPage,
    operation_id="needHistory",
    summary="Everything that was done to a need",
    responses=problem_responses(refusals.NotFound, CursorInvalid),
)
async def page(
    request: Request, need_id: UUID, asked: Annotated[PageQuery, Query()], caller: Reader
) -> Response:
    """With everybody's promises for the asker, desks of the area and auditors; else one's own."""
    cursors = parts_of(request).cursors("history")
    place = cursors.page(asked.cursor, asked.limit, filters_of(request))
    found = await snapshot(
        request, lambda tx: need_history(tx, need_id, caller, place.after, place.limit + 1)
    )
    rows = [
        {
            "command_id": event.command_id,
            "command": event.command,
            "at": moment(event.at),
            "device_time": moment(event.device_at) if event.device_at else None,
            "subject_type": event.subject_type,
            "subject_id": event.subject_id,
            "bundle_id": event.bundle_id,
            "actor_role": event.actor_role,
            "actor_org_id": event.actor_org_id,
            "reason": event.reason,
            "before_version": event.before_version,
            "after_version": event.after_version,
        }
        for event in found
    ]
    return page_answer(request, cursors, rows, ("at", "command_id", "subject_id"), place.limit)
