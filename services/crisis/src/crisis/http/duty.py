"""/watches: who is on duty, at one moment over all pages."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from crisis.events import moment
from crisis.http.desks import WatchView, watch_view
from crisis.http.lists import PageView
from crisis.http.parts import Reader, answer, parts_of, snapshot
from crisis.http.shapes import Cursor, GivenMoment
from crisis.usecases.seat_watch import duty
from imece_chassis.http.paging import DEFAULT_LIMIT, MAX_LIMIT, CursorInvalid, filters_of, link_header
from imece_chassis.http.problems import problem_responses
from imece_chassis.http.responses import respond

router = APIRouter(tags=["desks"])


class DutyPage(PageView):
    """Who sits where at a moment, by desk and seat."""

    at: datetime
    items: tuple[WatchView, ...]


@router.get(
    "/watches",
    response_model=DutyPage,
    operation_id="listWatches",
    summary="Who is on duty",
    responses=problem_responses(CursorInvalid),
)
async def on_duty(
    request: Request,
    caller: Reader,
    desk: Annotated[UUID | None, Query(description="Only at this desk")] = None,
    at: Annotated[GivenMoment | None, Query(description="At this moment; now if not given")] = None,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """Desks see every desk's, others those of desks their organisation hosts."""
    cursors, filters = parts_of(request).cursors("watches"), filters_of(request)
    wanted = cursors.page(cursor, limit, filters)
    when, after = at or parts_of(request).tools.clock.now(), None
    if wanted.after:
        begun, desk_id, seat = wanted.after
        when, after = datetime.fromisoformat(begun), (UUID(desk_id), str(seat))
    found = await snapshot(request, lambda tx: duty(tx, caller, when, desk, after, wanted.limit + 1))
    shown = [watch for _, watch in found[: wanted.limit]]
    following = None
    if len(found) > wanted.limit:
        following = cursors.encode([when.isoformat(), shown[-1].desk_id, shown[-1].seat], filters)
    document: dict[str, Any] = {
        "at": moment(when),
        "items": [watch_view(watch) for watch in shown],
        "has_more": following is not None,
        "next_cursor": following,
    }
    response = respond(answer(document))
    if following is not None:
        response.headers["link"] = link_header(request, {"next": following})
    return response
