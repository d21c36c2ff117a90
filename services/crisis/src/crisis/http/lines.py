"""/crises/{id}/lines: what is missing where, filtered; the list integrators follow."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.events import moment, vector
from crisis.http.filters import Group, ItemCode, Province, Sector, Since
from crisis.http.lists import ChangesPageView, PageQuery, began, page_answer
from crisis.http.parts import Reader, parts_of, snapshot
from crisis.http.shapes import Body, GivenMoment, LineView, PCode, Urgency, View
from crisis.store.line_lists import LineFilter
from crisis.usecases import reading
from imece_chassis.access.caller import Caller
from imece_chassis.http.paging import CursorInvalid, filters_of
from imece_chassis.http.problems import problem_responses

router = APIRouter(tags=["needs"])

State = Literal["draft", "submitted", "returned", "open", "on_hold", "closed"]


class LineItemView(View):
    """A need line with its figures now.

    `need_version` grows with every change of its need, `sequence` with every change of its figures. When a
    need comes with a higher `need_version`, lines of it that do not come along were taken back.
    """

    need_line_id: UUID
    need_version: int
    sequence: int
    changed_at: datetime
    line: LineView


class LinePage(ChangesPageView):
    """Lines, newest first, or in the order of their change."""

    items: tuple[LineItemView, ...]


_HAS_GAP = (
    "Something is still missing, or nothing is; also of needs nobody has verified yet, which take no pledges:"
    " `state=open` leaves those out"
)


class LineFilters(Body):
    """Filters of lists and tables of lines; what is left out does not matter."""

    mine: Annotated[bool, Field(description="Only what the caller's organisation asks for")] = False
    province: Province | None = None
    district: Annotated[PCode | None, Field(description="P-code of a district")] = None
    item: ItemCode | None = None
    item_group: Group | None = None
    sector: Sector | None = None
    state: Annotated[State | None, Field(description="State of the need")] = None
    urgency: Annotated[Urgency | None, Field(description="Urgency of the need")] = None
    has_gap: Annotated[bool | None, Field(description=_HAS_GAP)] = None
    stale: Annotated[bool | None, Field(description="Nobody said for long that it is needed")] = None
    due_before: Annotated[GivenMoment | None, Field(description="Needed before this moment")] = None
    updated_since: Since | None = None

    def wanted(self, crisis_id: UUID, caller: Caller) -> LineFilter:
        """The same as the store understands it."""
        return LineFilter(
            crisis_id=crisis_id,
            reader=caller.organisation_id,
            is_mine=self.mine,
            province=self.province,
            district=self.district,
            item=self.item,
            item_group=self.item_group,
            sector=self.sector,
            state=self.state,
            urgency=self.urgency,
            has_gap=self.has_gap,
            is_stale=self.stale,
            due_before=self.due_before,
            updated_since=self.updated_since,
        )


class LineQuery(LineFilters, PageQuery):
    """A page of the filtered list."""


@router.get(
    "/crises/{crisis_id}/lines",
    response_model=LinePage,
    operation_id="listLines",
    summary="What is asked for, promised and missing, line by line",
    responses=problem_responses(refusals.NotFound, CursorInvalid),
)
async def page(
    request: Request, crisis_id: UUID, asked: Annotated[LineQuery, Query()], caller: Reader
) -> Response:
    """Every member sees every line that was submitted; drafts are their organisation's own.

    To follow changes: read all pages, then again and again all pages with `updated_since` set to the
    `next_updated_since` of the walk before; it is the same on every page of a walk. Take a line when its
    `need_version` or `sequence` is higher than what you have.
    """
    cursors = parts_of(request).cursors("lines")
    wanted, place = (
        asked.wanted(crisis_id, caller),
        cursors.page(asked.cursor, asked.limit, filters_of(request)),
    )
    after, walk_began = began(place.after)
    found = await snapshot(request, lambda tx: reading.lines(tx, wanted, after, place.limit + 1))
    rows: list[dict[str, Any]] = [
        {
            "need_line_id": line.need_line_id,
            "need_version": listed.need_version,
            "sequence": balance.version,
            "changed_at": moment(listed.changed_at),
            "line": orjson.Fragment(vector(line, balance)),
        }
        for line, balance, listed in found.rows
    ]
    keys = "need_line_id" if wanted.updated_since is None else ("changed_at", "need_line_id")
    return page_answer(request, cursors, rows, keys, place.limit, read_at=walk_began or found.at)
