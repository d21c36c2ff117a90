"""Pages of lists: a full page knows whether there is more because one row more was read."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from crisis.events import moment
from crisis.http.parts import answer
from crisis.http.shapes import Body, Cursor, View
from imece_chassis.http.paging import DEFAULT_LIMIT, MAX_LIMIT, Cursors, filters_of, link_header
from imece_chassis.http.responses import respond


class PageView(View):
    """A page; `next_cursor` is null on the last one.

    A filtered page may hold fewer items than asked for, even none, while `next_cursor` goes on: it looks at
    so many items of the list and no more.
    """

    has_more: bool
    next_cursor: str | None


class ChangesPageView(PageView):
    """A page of a list that can be followed: ask again with `updated_since` as given here.

    It lies some seconds back, so that nothing that was being written is missed; a few items come again.
    """

    next_updated_since: datetime


SINCE = "Changed since then, in the order of the changes"

OVERLAP = timedelta(seconds=15)
"""No transaction of a command lives longer."""


def began(after: tuple[Any, ...] | None, bare: int = 1) -> tuple[tuple[Any, ...] | None, datetime | None]:
    """The position in a list that can be followed, and when the walk through it began.

    A position of `bare` members, as an older process writes it, says nothing of that: its walk goes on, and
    begins with the page that is read.
    """
    if after is None or len(after) == bare:
        return after, None
    return after[:-1], datetime.fromisoformat(after[-1])


def page_answer(
    request: Request,
    cursors: Cursors,
    rows: Sequence[dict[str, Any]],
    keys: str | tuple[str, ...],
    limit: int,
    *,
    read_at: datetime | None = None,
    stopped_at: tuple[Any, ...] | None = None,
) -> Response:
    """The first `limit` rows and how to go on; `keys` are the members the rows are ordered by.

    `read_at` is when the walk through a list that can be followed began; its cursors carry it on.
    `stopped_at` is where a filtered list stopped looking before it had found as many.
    """
    shown, position = rows[:limit], stopped_at
    if len(rows) > limit:
        position = tuple(shown[-1][key] for key in ((keys,) if isinstance(keys, str) else keys))
    following = None
    if position is not None:
        walked = [*position, moment(read_at)] if read_at else position
        following = cursors.encode(walked, filters_of(request))
    document: dict[str, Any] = {"items": shown, "has_more": following is not None, "next_cursor": following}
    if read_at is not None:
        document["next_updated_since"] = moment(read_at - OVERLAP)
    response = respond(answer(document))
    if following is not None:
        response.headers["link"] = link_header(request, {"next": following})
    return response


MAY_BE_SHORT = "At most so many; a filtered page may hold fewer, even none, while `next_cursor` goes on"


class PageQuery(Body):
    """Where a list goes on and how much of it is wanted; filters are added by each list."""

    cursor: Cursor | None = None
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, description=MAY_BE_SHORT)] = DEFAULT_LIMIT
