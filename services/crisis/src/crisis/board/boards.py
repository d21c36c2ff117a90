"""The boards a process keeps in memory: loaded once, then carried forward by changes only.

One session listens, a poll each second covers lost notifications. A freshness that was read together with
number n counts once the view has reached n, so memory never looks fresher than it is.
"""

import asyncio
import logging
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

from crisis.board import frames
from crisis.board.metrics import LOADS, PARKED
from crisis.board.ring import Entry
from crisis.board.source import Crisis, Overview, Source, SourceLost
from crisis.board.stop_cards import told
from crisis.board.stops import Stop
from crisis.board.view import BoardView, Stale

POLL_SECONDS = 1.0
IDLE_SECONDS = 300.0
LOOK_SECONDS = 0.25
"""Names nobody knows cost no more than one look in this time, however many are asked for."""

_log = logging.getLogger(__name__)


class UnknownCrisis(LookupError):
    """No board of this crisis is known."""


class Watched:
    """A view that is kept current. `moved` is set, and replaced, each time the view has moved."""

    def __init__(self, view: BoardView) -> None:
        self.view = view
        self.used_at = seconds()  # a board nobody has reached yet is not idle
        self.moved = asyncio.Event()
        self.promised: tuple[int, datetime | None] | None = None

    def redeem(self) -> None:
        """Show a promised freshness if the view has come far enough."""
        if self.promised is not None and self.view.head >= self.promised[0]:
            self.view.fresh_at = self.promised[1]
            self.promised = None


class Boards:
    """`mark` is called with each crisis that has something new. While `is_live` is false nothing is kept."""

    def __init__(self, source: Source, mark: Callable[[UUID], None]) -> None:
        self.is_live = False
        self.watched: dict[UUID, Watched] = {}
        self._source = source
        self._mark = mark
        self._loading: dict[UUID, asyncio.Task[Watched]] = {}
        self._overview: Overview | None = None
        self._looked_at = float("-inf")
        self._looking: asyncio.Task[Overview] | None = None
        self._offset: timedelta | None = None

    def now(self) -> datetime:
        """Database time, carried forward by the monotonic clock."""
        return _monotonic() + (self._offset or datetime.now(UTC) - _monotonic())

    def age_seconds(self) -> float | None:
        """Age of what the last poll saw; None before the first progress mark."""
        if self._overview is None or self._overview.fresh_at is None:
            return None
        return (self.now() - self._overview.fresh_at).total_seconds()

    async def overview(self) -> Overview:
        """All crises as of the last poll; read now when nothing polls. Raises SourceLost."""
        return self._overview if self.is_live and self._overview is not None else await self.look()

    async def crisis(self, name: str) -> Crisis:
        """A crisis by id or number. Raises UnknownCrisis, SourceLost."""
        for look in (self.overview, self._look_again):
            for each in (await look()).crises:
                if name in {str(each.crisis), each.number}:
                    return each
        raise UnknownCrisis(name)

    async def watch(self, crisis: UUID) -> Watched:
        """The board, loaded once for all who ask at the same time. Raises UnknownCrisis, SourceLost."""
        watched = self.watched.get(crisis)
        if watched is None or not self.is_live:
            if crisis not in self._loading:
                self._loading[crisis] = asyncio.create_task(self._load(crisis))
            watched = await asyncio.shield(self._loading[crisis])
        watched.used_at = seconds()
        return watched

    async def advance(self, crisis: UUID) -> tuple[Entry, ...]:
        """Carry a board forward; returns what was new. Raises Stale (`epoch`, `too_old`) and SourceLost."""
        watched = self.watched[crisis]
        changes = await self._source.changes(crisis, watched.view.head)
        if changes is None:
            raise Stale("epoch")
        watched.view.extend(changes)
        watched.redeem()
        return changes.entries

    async def look(self) -> Overview:
        """Read all heads at once; boards that lag are marked. Raises SourceLost."""
        overview = await self._source.overview()
        self._overview = overview
        self._offset = overview.now - _monotonic()
        PARKED.set(sum(crisis.counts.parked for crisis in overview.crises))
        for crisis in overview.crises:
            watched = self.watched.get(crisis.crisis)
            if watched is None:
                continue
            watched.promised = (crisis.seq, overview.fresh_at)
            _show_stops(watched.view, crisis.stops)
            if crisis.epoch != watched.view.epoch or crisis.seq != watched.view.head:
                self._mark(crisis.crisis)
            if crisis.epoch == watched.view.epoch:
                watched.redeem()
        return overview

    async def _look_again(self) -> Overview:
        """One look for all who ask at the same time, and not at once after the last such."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_later())
        return await asyncio.shield(self._looking)

    async def _look_later(self) -> Overview:
        await asyncio.sleep(max(0.0, self._looked_at + LOOK_SECONDS - seconds()))
        self._looked_at = seconds()
        return await self.look()

    async def poll(self) -> None:
        """Look once a second, for ever."""
        while True:
            try:
                await self.look()
            except SourceLost:
                _log.warning("board.poll_failed")
            await asyncio.sleep(POLL_SECONDS)

    async def listen(self) -> None:
        """Keep one listening session, for ever."""
        pause = 0.1
        while True:
            with suppress(SourceLost):
                async with self._source.listen(self._mark) as is_alive:
                    _log.info("board.listening")
                    pause = 0.1
                    while is_alive():  # noqa: ASYNC110 - a closed session announces itself to nobody
                        await asyncio.sleep(POLL_SECONDS)
            _log.warning("board.listening_lost")
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - spreading, not secrecy
            pause = min(pause * 2, 5.0)

    async def _load(self, crisis: UUID) -> Watched:
        try:
            overview = await self.look()
            loaded = await self._source.load(crisis)
            if loaded is None:
                raise UnknownCrisis(str(crisis))
            LOADS.inc()
            view = await asyncio.to_thread(BoardView, crisis, loaded)
            # The overview was read first, so this board is at least as new as its freshness says.
            view.fresh_at = overview.fresh_at
            _show_stops(view, next((each.stops for each in overview.crises if each.crisis == crisis), ()))
            watched = self.watched[crisis] = Watched(view)
            self._mark(crisis)
            return watched
        finally:
            del self._loading[crisis]


def _show_stops(view: BoardView, stops: tuple[Stop, ...]) -> None:
    """Show what is stopped now; `view.stops` stays the same object while nothing changed."""
    if stops != view.stops:
        view.stops, view.stops_data = stops, frames.stops_data(told(stops))


def seconds() -> float:
    """The loop's monotonic clock."""
    return asyncio.get_running_loop().time()


def _monotonic() -> datetime:
    """The monotonic clock on the scale of dates, so that database time is one offset away."""
    return datetime.fromtimestamp(0, UTC) + timedelta(seconds=seconds())
