"""All viewers of one process are fed from memory: read once, serialised once, written to every socket.

No viewer holds a database connection, a queue or a timer. A viewer that cannot be written to keeps its cursor
and later gets one merged frame; after half a minute without progress it is told to start again.
"""

import asyncio
import logging
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from crisis.board import frames
from crisis.board.boards import POLL_SECONDS, Boards, Watched, seconds
from crisis.board.card import instant
from crisis.board.metrics import FLUSH, FRESHNESS, RESETS, STREAMS
from crisis.board.pace import Pace
from crisis.board.source import Crisis, Overview, Source, SourceLost
from crisis.board.view import BoardView, Stale, body
from crisis.board.viewer import SLOW_AFTER_SECONDS, Viewer
from imece_chassis.failpoints import failpoint

BEAT_SECONDS = 2.0
SAVING_BEAT_SECONDS = 15.0
IDLE_SECONDS = 300.0
LIFE_SECONDS = (600.0, 900.0)
SPREAD_MS = 8_000
ADMITTED_PER_SECOND = 1_000
MAX_STREAMS = 12_000
ASKED_AGAIN_SECONDS = 4.5
"""How often a waiting reader's right is asked again; a revoked key must be gone within five."""
SLICE = 250
"""Viewers written to before other tasks may run; about 3 ms of work."""

_log = logging.getLogger(__name__)


class _Audience:
    """The viewers of one board and when they may hear something again."""

    def __init__(self) -> None:
        self.viewers: set[Viewer] = set()
        self.pace = Pace()


STALE_SECONDS = 60  # where the badge stops saying "delayed"


class BoardsStale(Exception):
    """Boards would show old numbers."""


class Hub:
    """`run` is a role. Routes use the rest; without the role pages still work, read from the database."""

    name = "hub"

    def __init__(
        self,
        source: Source,
        *,
        beat_seconds: float = BEAT_SECONDS,
        slow_after_seconds: float = SLOW_AFTER_SECONDS,
        admitted_per_second: float = ADMITTED_PER_SECOND,
        most_readers: int = MAX_STREAMS,
    ) -> None:
        self._boards = Boards(source, self._mark)
        self._beat_seconds = beat_seconds
        self._slow_after_seconds = slow_after_seconds
        self._admitted_per_second = admitted_per_second
        self._audiences: dict[UUID, _Audience] = {}
        self._dirty: set[UUID] = set()
        self._wake = asyncio.Event()
        self._admitted_at = 0.0
        self._most_readers = most_readers
        self._waiting = 0

    async def overview(self) -> Overview:
        """All crises, newest first. Raises SourceLost."""
        return await self._boards.overview()

    async def crisis(self, name: str) -> Crisis:
        """A crisis by id or number. Raises UnknownCrisis, SourceLost."""
        return await self._boards.crisis(name)

    async def board(self, crisis: UUID) -> BoardView:
        """The board in memory, loaded on first use. Raises UnknownCrisis, SourceLost."""
        return (await self._boards.watch(crisis)).view

    async def beyond(
        self, crisis: UUID, after: int, wait_seconds: float, may_stay: Callable[[], bool]
    ) -> BoardView:
        """The board once it has passed `after`, or as it is when the time or the right to wait is over."""
        deadline = seconds() + wait_seconds
        self._waiting += 1
        try:
            while (watched := await self._boards.watch(crisis)).view.head == after and may_stay():
                if (left := deadline - seconds()) <= 0:
                    break
                with suppress(TimeoutError):
                    async with asyncio.timeout(min(left, ASKED_AGAIN_SECONDS)):
                        await watched.moved.wait()
            return watched.view
        finally:
            self._waiting -= 1

    def has_place(self) -> bool:
        """Whether one more reader may wait; streams and long polls share the places."""
        return self.viewers + self._waiting < self._most_readers

    def now(self) -> datetime:
        """Database time."""
        return self._boards.now()

    async def is_fresh(self) -> None:
        """Readiness check: fails while boards are older than a minute or their age is not known yet."""
        age = self._boards.age_seconds()
        if age is None or age > STALE_SECONDS:
            raise BoardsStale

    def beat(self, is_saving: bool) -> float:
        """Seconds between heartbeats."""
        return SAVING_BEAT_SECONDS if is_saving else self._beat_seconds

    def tick_data(self, view: BoardView) -> bytes:
        """The heartbeat of a board as JSON."""
        fresh = None if view.fresh_at is None else instant(view.fresh_at)
        return frames.tick_data(view.head, fresh, instant(self.now()))

    @property
    def viewers(self) -> int:
        """Open streams."""
        return sum(len(each.viewers) for each in self._audiences.values())

    def admit(self) -> bool:
        """Whether one more stream may open now; both limits keep a mass return from starving everybody."""
        now = seconds()
        self._admitted_at = max(self._admitted_at, now - 1.0)
        if self._admitted_at > now or not self.has_place():
            return False
        self._admitted_at += 1.0 / self._admitted_per_second
        return True

    def join(self, view: BoardView, viewer: Viewer) -> None:
        """Feed a viewer from now on, beginning with whatever happened since its cursor."""
        watched = self._boards.watched.get(view.crisis)
        if watched is None or watched.view is not view:
            viewer.end(frames.reset("epoch"))
            return
        self._audiences.setdefault(view.crisis, _Audience()).viewers.add(viewer)
        viewer.last_beat = seconds()
        STREAMS.set(self.viewers)
        self._tell_stops(view, viewer, seconds())
        self._serve(view, viewer, seconds())

    def leave(self, crisis: UUID, viewer: Viewer) -> None:
        """Forget a viewer; harmless when it is not known."""
        audience = self._audiences.get(crisis)
        if audience is not None:
            audience.viewers.discard(viewer)
        STREAMS.set(self.viewers)

    async def run(self, stop: asyncio.Event) -> None:
        """Keep boards and viewers current until `stop`; then say goodbye to everybody."""
        self._boards.is_live = True
        parts = (self._boards.listen(), self._boards.poll(), self._pump(), self._beats())
        work = [asyncio.create_task(part) for part in parts]
        ended = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait([*work, ended], return_when=asyncio.FIRST_COMPLETED)
            for task in work:
                if task.done():
                    task.result()
        finally:
            self._boards.is_live = False
            ended.cancel()
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)
            for audience in self._audiences.values():
                for viewer in list(audience.viewers):
                    viewer.end(farewell_for_deploy())
            self._boards.watched.clear()

    def _mark(self, crisis: UUID) -> None:
        if crisis in self._boards.watched:
            self._dirty.add(crisis)
            self._wake.set()

    async def _pump(self) -> None:
        while True:
            now = seconds()
            waiting = {each: self._audience(each).pace.due_at for each in self._dirty}
            due = [each for each, due_at in waiting.items() if due_at <= now]
            if not due:
                self._wake.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(min(waiting.values()) - now if waiting else None):
                        await self._wake.wait()
            for crisis in due:
                self._dirty.discard(crisis)
                await self._advance(crisis)

    async def _advance(self, crisis: UUID) -> None:
        audience = self._audience(crisis)
        watched = self._boards.watched.get(crisis)
        if watched is None:
            return
        started = seconds()
        try:
            entries = await self._boards.advance(crisis)
        except SourceLost:
            audience.pace.due_at = seconds() + POLL_SECONDS
            self._dirty.add(crisis)
            return
        except Stale as stale:
            await self._replace(crisis, watched, str(stale))
            return
        if entries:
            read = seconds()
            await self._flush(watched.view, audience)
            audience.pace.sent(started, seconds() - read, len(entries))
            watched.moved.set()
            watched.moved = asyncio.Event()
            flushed_at = self.now()
            for entry in entries:
                FLUSH.observe(max(0.0, (flushed_at - entry.at).total_seconds()))

    async def _replace(self, crisis: UUID, old: Watched, reason: str) -> None:
        del self._boards.watched[crisis]
        old.moved.set()
        for viewer in list(self._audience(crisis).viewers):
            self._reset(viewer, reason)
        with suppress(LookupError, SourceLost):
            await self._boards.watch(crisis)

    async def _flush(self, view: BoardView, audience: _Audience) -> None:
        now = seconds()
        for count, viewer in enumerate(list(audience.viewers), 1):
            self._serve(view, viewer, now)
            failpoint("hub.kill")  # this viewer has the frame, those behind it do not
            if count % SLICE == 0:
                await asyncio.sleep(0)
                now = seconds()

    def _serve(self, view: BoardView, viewer: Viewer, now: float) -> None:
        if viewer.cursor == view.head:
            return
        try:
            frame = view.frame(viewer.scope, viewer.cursor)
        except LookupError:
            self._reset(viewer, "too_old")
            return
        if frame is None or viewer.offer(frame, now):
            viewer.cursor = view.head

    @staticmethod
    def _tell_stops(view: BoardView, viewer: Viewer, now: float) -> None:
        """A viewer that could not be told is told with a later beat; only the last word counts."""
        if viewer.stops is not view.stops and viewer.offer(body(frames.stops(view.stops_data)), now):
            viewer.stops = view.stops

    async def _beats(self) -> None:
        while True:
            await asyncio.sleep(self._beat_seconds / 4)
            oldest = seconds() - IDLE_SECONDS
            for crisis, watched in list(self._boards.watched.items()):
                audience = self._audience(crisis)
                await self._beat(watched.view, audience)
                if not audience.viewers and watched.used_at < oldest:
                    self._boards.watched.pop(crisis, None)
            age = self._boards.age_seconds()
            if age is not None:
                FRESHNESS.set(age)

    async def _beat(self, view: BoardView, audience: _Audience) -> None:
        now = seconds()
        tick = body(frames.tick(self.tick_data(view), view.head))
        for count, viewer in enumerate(list(audience.viewers), 1):
            if not viewer.may_stay():
                viewer.end(frames.bye(0, "revoked"))
            elif now >= viewer.ends_at:
                viewer.end(frames.bye(_spread_ms(), "life"))
            elif viewer.is_stuck(now, self._slow_after_seconds):
                self._reset(viewer, "slow")
            else:
                self._tell_stops(view, viewer, now)
                if viewer.stuck_since is not None or now - viewer.last_beat >= viewer.beat_seconds * 0.99:
                    self._serve(view, viewer, now)
                    if viewer.cursor == view.head and viewer.offer(tick, now):
                        viewer.last_beat = now
            if count % SLICE == 0:
                await asyncio.sleep(0)

    def _audience(self, crisis: UUID) -> _Audience:
        return self._audiences.setdefault(crisis, _Audience())

    @staticmethod
    def _reset(viewer: Viewer, reason: str) -> None:
        if viewer.farewell is None:
            RESETS.labels(reason).inc()
            viewer.end(frames.reset(reason))


def farewell_for_deploy() -> bytes:
    """Come back in a while, not all at once: this process is going."""
    return frames.bye(_spread_ms(), "deploy")


def _spread_ms() -> int:
    return random.randrange(SPREAD_MS)  # noqa: S311 - spreading, not secrecy
