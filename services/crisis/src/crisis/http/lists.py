"""Pages of lists: a full page knows whether there is more because one row more was read."""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from crisis.http.parts import answer
from crisis.http.shapes import View
from imece_chassis.http.paging import Cursors, filters_of, link_header
from imece_chassis.http.responses import respond


class PageView(View):
    """A page; `next_cursor` is null on the last one."""

    has_more: bool
    next_cursor: str | None


def page_answer(
    request: Request, cursors: Cursors, rows: Sequence[dict[str, Any]], key: str | tuple[str, ...], limit: int
) -> Response:
    """The first `limit` rows and how to go on; `key` is the member, or members, the rows are ordered by."""
    shown, has_more = rows[:limit], len(rows) > limit
    keys = (key,) if isinstance(key, str) else key
    last = tuple(shown[-1][name] for name in keys) if has_more else ()
    following = cursors.encode(last, filters_of(request)) if has_more else None
    response = respond(answer({"items": shown, "has_more": has_more, "next_cursor": following}))
    if following is not None:
        response.headers["link"] = link_header(request, {"next": following})
    return response
