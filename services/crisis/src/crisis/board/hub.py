"""All viewers of one process are fed from memory: read once, serialised once, written to every socket.

No viewer holds a database connection, a queue or a timer. A viewer that cannot be written to keeps its cursor
and later gets one merged frame; after half a minute without progress it is told to start again.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from crisis.board import frames
from crisis.board.audience import Audience
from crisis.board.boards import POLL_SECONDS, Boards, Watched, seconds
from crisis.board.card import instant
from crisis.board.metrics import FLUSH, MARK_AGE, STREAMS
from crisis.board.source import Crisis, Overview, Source, SourceLost
from crisis.board.view import BoardView, Stale
from crisis.board.viewer import SLOW_AFTER_SECONDS, Viewer

BEAT_SECONDS = 2.0
SAVING_BEAT_SECONDS = 15.0
IDLE_SECONDS = 300.0
LIFE_SECONDS = (600.0, 900.0)
ADMITTED_PER_SECOND = 1_000
MAX_STREAMS = 12_000
ASKED_AGAIN_SECONDS = 4.5
"""How often a waiting reader's right is asked again; a revoked key must be gone within five."""

STALE_SECONDS = 60
"""Where the badge stops saying "delayed"."""


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
        self._audiences: dict[UUID, Audience] = {}
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
        self._audience(view.crisis).join(view, viewer)
        STREAMS.set(self.viewers)

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
                audience.dismiss()
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
            await audience.flush(watched.view)
            audience.pace.sent(started, seconds() - read, len(entries))
            watched.moved.set()
            watched.moved = asyncio.Event()
            flushed_at = self.now()
            for entry in entries:
                FLUSH.observe(max(0.0, (flushed_at - entry.at).total_seconds()))

    async def _replace(self, crisis: UUID, old: Watched, reason: str) -> None:
        del self._boards.watched[crisis]
        old.moved.set()
        self._audience(crisis).reset(reason)
        with suppress(LookupError, SourceLost):
            await self._boards.watch(crisis)

    async def _beats(self) -> None:
        while True:
            await asyncio.sleep(self._beat_seconds / 4)
            oldest = seconds() - IDLE_SECONDS
            for crisis, watched in list(self._boards.watched.items()):
                audience = self._audience(crisis)
                await audience.beat(watched.view, self.tick_data(watched.view))
                if not audience.viewers and watched.used_at < oldest:
                    self._boards.watched.pop(crisis, None)
            age = self._boards.age_seconds()
            if age is not None:
                MARK_AGE.set(age)

    def _audience(self, crisis: UUID) -> Audience:
        return self._audiences.setdefault(crisis, Audience(self._slow_after_seconds))
