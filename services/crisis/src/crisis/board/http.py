"""The routes of the board. Errors are problem documents for machines and pages for people.

Nothing here queries the database while the board is in memory, and nothing is answered before the gate.
"""

import json
import random
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from fastapi import Depends
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from crisis.board import documents
from crisis.board.access import admit, reading
from crisis.board.boards import UnknownCrisis
from crisis.board.hub import Hub
from crisis.board.names import Names, nobody
from crisis.board.pages import BoardPages
from crisis.board.problems import BoardUnavailable, BoardUnknown, FilterInvalid, TooManyStreams
from crisis.board.scopes import scope_of
from crisis.board.selection import filter_of, within
from crisis.board.shapes import BoardDocument
from crisis.board.snapshots import Built, Snapshots
from crisis.board.source import Crisis, SourceLost
from crisis.board.stream import Stream
from crisis.board.view import BoardView
from imece_chassis.http.callers import Public, Require, public
from imece_chassis.http.etags import NOT_MODIFIED, is_not_modified, weak_etag
from imece_chassis.http.lean import LeanRoute
from imece_chassis.http.problems import is_refusal
from imece_chassis.http.responses import problem_response

WAIT_SECONDS = 25.0
REASONS = {401: "members", 403: "forbidden", 404: "unknown", 422: "filter"}

Answering = Callable[[Request], Awaitable[Response]]


def routes(hub: Hub, *, access: str, names: Names = nobody) -> list[BaseRoute]:
    """All routes of the board. `access` is CRISIS_BOARD_ACCESS: "open" or "members"."""
    auth = reading(access)
    snapshots = Snapshots()
    board = _Board(hub, BoardPages(names, snapshots), snapshots, auth)
    static = board.pages.pages.static
    return [
        _route("/", _page(auth, board, board.index), auth, "board_index"),
        _route("/c/{crisis}", _page(auth, board, board.page), auth, "board_page"),
        _route("/c/{crisis}/board", _document(auth, board.snapshot), auth, "board_snapshot"),
        _route("/c/{crisis}/board/stream", Stream(hub, auth), auth, "board_stream"),
        _route("/c/{crisis}/board/changes", _document(auth, board.changes), auth, "board_changes"),
        _route("/c/{crisis}/board/names", _document(auth, board.names), auth, "board_names"),
        _route(static.path, static.serve, public, "static_file"),
    ]


PROBLEMS = (BoardUnknown, BoardUnavailable, TooManyStreams, FilterInvalid)


class _Board:
    """The endpoints."""

    def __init__(self, hub: Hub, pages: BoardPages, snapshots: Snapshots, auth: Require | Public) -> None:
        self._hub = hub
        self._auth = auth
        self.pages = pages
        self._snapshots = snapshots

    async def index(self, request: Request) -> Response:
        """All open crises as a page."""
        try:
            overview = await self._hub.overview()
        except SourceLost:
            raise BoardUnavailable(retry_after=2) from None
        return self.pages.pages.answer(request, self.pages.index(request, overview))

    async def page(self, request: Request) -> Response:
        """The board as a page that is complete without scripts."""
        crisis, view = await self._find(request)
        return await self.pages.board(request, crisis, view, self._hub.now())

    async def snapshot(self, request: Request) -> Response:
        """The board as JSON: all cards of a scope, or with `page` the rows of a filter. ETag and 304."""
        _, view = await self._find(request)
        query = request.query_params
        if "page" in query:
            wanted = within(view, filter_of(query))
            key: tuple[object, ...] = (view.crisis, "page", wanted)
            build = partial(documents.page, view, wanted, self._hub.now())
        else:
            scope = scope_of(query.get("scope"))
            key = (view.crisis, "whole", scope)
            build = partial(documents.whole, view, scope, self._hub.now())
        return _conditional(request, await self._snapshots.get(key, view, build))

    async def changes(self, request: Request) -> Response:
        """What changed after a number; waits up to 25 s. For readers whose proxies hold streams back."""
        _, view = await self._find(request)
        scope = scope_of(request.query_params.get("scope"))
        after = _number(request.query_params.get("after", ""))
        refused = view.refusal(request.query_params.get("epoch"), after)
        if refused is None and view.head == after:
            if not self._hub.has_place():
                raise TooManyStreams(retry_after=random.randint(1, 8))  # noqa: S311 - spreading, not secrecy
            may_stay = await admit(self._auth, request)
            view = await self._hub.beyond(view.crisis, after, WAIT_SECONDS, may_stay)
            await admit(self._auth, request)
            refused = view.refusal(request.query_params.get("epoch"), after)
        change = None if refused is not None else view.change_data(scope, after)
        body = b'{"epoch":"%s","reset":%s,"change":%s,"tick":%s,%s' % (
            str(view.epoch).encode(),
            json.dumps(refused).encode(),
            b"null" if change is None else change,
            self._hub.tick_data(view),
            view.stops_data[1:],
        )
        return Response(body, headers={"content-type": "application/json", "cache-control": "no-store"})

    async def names(self, request: Request) -> Response:
        """Names of the organisations on a board, by id."""
        _, view = await self._find(request)
        found = await self.pages.names_of(view)
        body = json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
        return Response(body, headers={"content-type": "application/json", "cache-control": "no-store"})

    async def _find(self, request: Request) -> tuple[Crisis, BoardView]:
        try:
            crisis = await self._hub.crisis(request.path_params["crisis"])
            return crisis, await self._hub.board(crisis.crisis)
        except UnknownCrisis:
            raise BoardUnknown from None
        except SourceLost:
            raise BoardUnavailable(retry_after=2) from None


def _document(auth: Require | Public, answer: Answering) -> Answering:
    async def answered(request: Request) -> Response:
        try:
            await admit(auth, request)
            return await answer(request)
        except Exception as refusal:
            if not is_refusal(refusal):
                raise
            return problem_response(request, refusal)

    return answered


def _page(auth: Require | Public, board: _Board, answer: Answering) -> Answering:
    async def answered(request: Request) -> Response:
        try:
            await admit(auth, request)
            return await answer(request)
        except Exception as refusal:
            if not is_refusal(refusal):
                raise
            status = int(getattr(refusal, "status", 500))
            return board.pages.refused(request, REASONS.get(status, "unavailable"), status)

    return answered


def _route(path: str, endpoint: Any, auth: Require | Public, name: str) -> LeanRoute:
    """A route that declares who may call it; `documented` is what the OpenAPI document shows."""
    route = LeanRoute(path, endpoint, methods=["GET"], name=name)
    route.auth = auth
    route.answer = _itself(endpoint) if isinstance(endpoint, Stream) else endpoint
    route.documented = APIRoute(
        path,
        _DOCUMENTED["{crisis}" in path, "{name}" in path],
        methods=["GET"],
        dependencies=[Depends(auth)],
        operation_id=name,
        summary=_SUMMARIES[name],
        tags=["Board"],
        response_model=None,
        responses=_ANSWERS.get(name, {}),
        include_in_schema="/board" in path,  # pages and their files are for people, not part of the API
    )
    return route


def _itself(stream: Stream) -> Callable[[Request], Awaitable[Any]]:
    """A stream is no response: it is called with the request's own `receive` and `send`."""

    async def answer(request: Request) -> Any:
        return stream

    return answer


async def _of_a_crisis(crisis: str) -> None:
    """A crisis by id or number; never called, only documented."""


async def _of_a_file(name: str) -> None:
    """Never called, only documented."""


async def _of_all() -> None:
    """Never called, only documented."""


_DOCUMENTED: Mapping[tuple[bool, bool], Callable[..., Awaitable[None]]] = {
    (True, False): _of_a_crisis,
    (False, True): _of_a_file,
    (False, False): _of_all,
}
_SUMMARIES: Mapping[str, str] = {
    "board_index": "All open crises, as a page",
    "board_page": "The board of a crisis, as a page",
    "board_snapshot": "The board as JSON, with ETag: all cards, or with `page` the rows of a filter",
    "board_stream": "The live board as server-sent events: hello, change, tick, reset, bye",
    "board_changes": "What changed after a number; waits up to 25 s",
    "board_names": "Names of the organisations on a board",
    "static_file": "Style sheets, scripts and icons under names that contain their hash",
}


_ANSWERS: Mapping[str, dict[int | str, dict[str, Any]]] = {
    "board_snapshot": {200: {"model": BoardDocument, "description": "The board"}, **NOT_MODIFIED}
}


def _conditional(request: Request, built: Built) -> Response:
    # One number, many bytes: compressed or not, and with the time it was built at.
    headers = {"etag": weak_etag(built.tag), "cache-control": "no-cache", "vary": "accept-encoding"}
    if is_not_modified(request, built.tag):
        return Response(status_code=304, headers=headers)
    headers["content-type"] = "application/json"
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(built.compressed, headers=headers | {"content-encoding": "gzip"})
    return Response(built.content, headers=headers)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise FilterInvalid(name="after", value=text[:20])
    return int(text)
