"""The viewers of one board: the same bytes for each of them, and a farewell for whoever cannot stay."""

import asyncio
import random

from crisis.board import frames
from crisis.board.boards import seconds
from crisis.board.metrics import RESETS
from crisis.board.pace import Pace
from crisis.board.view import BoardView, body
from crisis.board.viewer import Viewer
from imece_chassis.failpoints import failpoint

SPREAD_MS = 8_000
SLICE = 250
"""Viewers written to before other tasks may run; about 3 ms of work."""


class Audience:
    """`pace` tells when the viewers may hear something again."""

    def __init__(self, slow_after_seconds: float) -> None:
        self.viewers: set[Viewer] = set()
        self.pace = Pace()
        self._slow_after_seconds = slow_after_seconds

    def join(self, view: BoardView, viewer: Viewer) -> None:
        """Feed a viewer from now on, beginning with whatever happened since its cursor."""
        self.viewers.add(viewer)
        viewer.last_beat = seconds()
        _tell_stops(view, viewer, seconds())
        _serve(view, viewer, seconds())

    async def flush(self, view: BoardView) -> None:
        """Write to every viewer what happened since its cursor."""
        now = seconds()
        for count, viewer in enumerate(list(self.viewers), 1):
            _serve(view, viewer, now)
            failpoint("hub.kill")  # this viewer has the frame, those behind it do not
            if count % SLICE == 0:
                await asyncio.sleep(0)
                now = seconds()

    async def beat(self, view: BoardView, tick_data: bytes) -> None:
        """Tell every viewer whose heartbeat is due; end those whose right, time or socket is used up."""
        now = seconds()
        tick = body(frames.tick(tick_data, view.head))
        for count, viewer in enumerate(list(self.viewers), 1):
            if not viewer.may_stay():
                viewer.end(frames.bye(0, "revoked"))
            elif now >= viewer.ends_at:
                viewer.end(frames.bye(_spread_ms(), "life"))
            elif viewer.is_stuck(now, self._slow_after_seconds):
                _reset(viewer, "slow")
            else:
                _tell_stops(view, viewer, now)
                if viewer.stuck_since is not None or now - viewer.last_beat >= viewer.beat_seconds * 0.99:
                    _serve(view, viewer, now)
                    if viewer.cursor == view.head and viewer.offer(tick, now):
                        viewer.last_beat = now
            if count % SLICE == 0:
                await asyncio.sleep(0)

    def reset(self, reason: str) -> None:
        """Let every viewer start again."""
        for viewer in list(self.viewers):
            _reset(viewer, reason)

    def dismiss(self) -> None:
        """Say goodbye to everybody: this process is going."""
        for viewer in list(self.viewers):
            viewer.end(farewell_for_deploy())


def farewell_for_deploy() -> bytes:
    """Come back in a while, not all at once: this process is going."""
    return frames.bye(_spread_ms(), "deploy")


def _serve(view: BoardView, viewer: Viewer, now: float) -> None:
    if viewer.cursor == view.head:
        return
    try:
        frame = view.frame(viewer.scope, viewer.cursor)
    except LookupError:
        _reset(viewer, "too_old")
        return
    if frame is None or viewer.offer(frame, now):
        viewer.cursor = view.head


def _tell_stops(view: BoardView, viewer: Viewer, now: float) -> None:
    """A viewer that could not be told is told with a later beat; only the last word counts."""
    if viewer.stops is not view.stops and viewer.offer(body(frames.stops(view.stops_data)), now):
        viewer.stops = view.stops


def _reset(viewer: Viewer, reason: str) -> None:
    if viewer.farewell is None:
        RESETS.labels(reason).inc()
        viewer.end(frames.reset(reason))


def _spread_ms() -> int:
    return random.randrange(SPREAD_MS)  # noqa: S311 - spreading, not secrecy
