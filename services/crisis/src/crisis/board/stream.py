"""GET /c/{crisis}/board/stream: hello, then changes and heartbeats until the reader or the hour ends it.

Opening needs no database query while the board is in memory. The viewer's own task writes only the beginning
and the end; in between the hub writes.
"""

import asyncio
import random
from typing import cast

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from crisis.board import frames
from crisis.board.access import admit
from crisis.board.audience import farewell_for_deploy
from crisis.board.boards import UnknownCrisis, seconds
from crisis.board.card import instant
from crisis.board.hub import LIFE_SECONDS, Hub
from crisis.board.metrics import RESETS, RING_HITS
from crisis.board.problems import BoardUnavailable, BoardUnknown, TooManyStreams
from crisis.board.scopes import scope_of
from crisis.board.source import SourceLost
from crisis.board.view import BoardView, body
from crisis.board.viewer import Viewer, write
from imece_chassis.http.callers import Public, Require
from imece_chassis.http.problems import is_refusal
from imece_chassis.http.responses import problem_response

RETRY_MS = (1_000, 8_000)
HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
)


class Stream:
    """The ASGI endpoint. A response object would cost four times as much per frame."""

    def __init__(self, hub: Hub, auth: Require | Public) -> None:
        self._hub = hub
        self._auth = auth

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            may_stay = await admit(self._auth, request)
            view, province = await self._find(request)
            if not self._hub.admit():
                raise TooManyStreams(retry_after=random.randint(1, 8))  # noqa: S311 - spreading, not secrecy
        except Exception as refusal:
            if not is_refusal(refusal):
                raise
            await problem_response(request, refusal)(scope, receive, send)
            return

        await send({"type": "http.response.start", "status": 200, "headers": list(HEADERS)})
        cursor, refused = _position(request, view)
        beat_seconds = self._hub.beat(request.headers.get("save-data") == "on")
        hello = frames.hello(
            view.epoch,
            view.head,
            view.floor,
            round(beat_seconds * 1000),
            instant(self._hub.now()),
            random.randint(*RETRY_MS),  # noqa: S311 - spreading, not secrecy
        )
        if refused is not None:
            RESETS.labels(refused).inc()
            await send(body(hello + frames.reset(refused), more=False))
            return
        await send(body(hello))
        viewer = Viewer(
            send=send,
            task=cast("asyncio.Task[object]", asyncio.current_task()),
            scope=province,
            cursor=cursor,
            beat_seconds=beat_seconds,
            ends_at=seconds() + random.uniform(*LIFE_SECONDS),  # noqa: S311 - spreading, not secrecy
            may_stay=may_stay,
        )
        await self._stay(view, viewer, receive)

    async def _find(self, request: Request) -> tuple[BoardView, str]:
        try:
            crisis = await self._hub.crisis(request.path_params["crisis"])
            return await self._hub.board(crisis.crisis), scope_of(request.query_params.get("scope"))
        except UnknownCrisis:
            raise BoardUnknown from None
        except SourceLost:
            raise BoardUnavailable(retry_after=2) from None

    async def _stay(self, view: BoardView, viewer: Viewer, receive: Receive) -> None:
        try:
            self._hub.join(view, viewer)
            while (await receive())["type"] != "http.disconnect":
                pass
        except asyncio.CancelledError:
            if viewer.farewell is None:  # the server is going down and has waited long enough
                write(viewer.send, body(farewell_for_deploy(), more=False))
                raise
            viewer.task.uncancel()
        finally:
            self._hub.leave(view.crisis, viewer)
        if viewer.farewell is not None:
            # A full socket takes no farewell; ending without one breaks the connection off and says the same.
            write(viewer.send, body(viewer.farewell, more=False))


def _position(request: Request, view: BoardView) -> tuple[int, str | None]:
    """Where the reader stands, or why it cannot go on. A reconnecting browser's header wins over the URL."""
    resume = request.headers.get("last-event-id") or request.query_params.get("after")
    epoch = request.query_params.get("epoch")
    if resume is None:
        return view.head, None if epoch in {None, str(view.epoch)} else "epoch"
    if not (resume.isascii() and resume.isdigit() and len(resume) <= 18):
        return view.head, "ahead"
    refused = view.refusal(epoch, int(resume))
    if refused is None and int(resume) < view.head:
        RING_HITS.inc()
    return int(resume), refused
