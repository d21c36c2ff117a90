"""Pre-serialised answers for many readers: built once per moment by one of them, at most four times a second.

An answer is named by its epoch and number, so a reader that has it gets 304 and nothing is built at all.
"""

import asyncio
import gzip
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from crisis.board.boards import seconds
from crisis.board.metrics import SNAPSHOT_BUILDS
from crisis.board.view import BoardView

KEPT_SECONDS = 0.25
"""A board that changes faster is still built only four times a second."""

FRESH_SECONDS = 1.0
"""A quiet board is built again this often, because its freshness moves."""

MAX_KEPT = 200
LARGE_BYTES = 100_000
GZIP_LEVEL = 5


@dataclass(frozen=True, slots=True)
class Built:
    """One answer: its tag, the bytes, the same bytes compressed."""

    tag: str
    epoch: UUID
    head: int
    content: bytes
    compressed: bytes
    built_at: float


class Snapshots:
    """Answers by key (crisis, kind, language, filter); the oldest go first when there are too many."""

    def __init__(self) -> None:
        self._built: dict[tuple[object, ...], Built] = {}
        self._building: dict[tuple[object, ...], asyncio.Task[Built]] = {}

    async def get(self, key: tuple[object, ...], view: BoardView, build: Callable[[], bytes]) -> Built:
        """The answer for `key`; `build` runs only when no answer of this moment is there."""
        built = self._built.get(key)
        if built is not None and built.epoch == view.epoch:
            age = seconds() - built.built_at
            if age < KEPT_SECONDS or (built.head == view.head and age < FRESH_SECONDS):
                return built
        if key not in self._building:
            self._building[key] = asyncio.create_task(self._build(key, view, build))
        return await asyncio.shield(self._building[key])

    async def _build(self, key: tuple[object, ...], view: BoardView, build: Callable[[], bytes]) -> Built:
        try:
            epoch, head, content = view.epoch, view.head, build()
            SNAPSHOT_BUILDS.inc()
            if len(content) > LARGE_BYTES:
                compressed = await asyncio.to_thread(gzip.compress, content, GZIP_LEVEL, mtime=0)
            else:
                compressed = gzip.compress(content, GZIP_LEVEL, mtime=0)
            built = Built(f"{epoch}-{head}-member", epoch, head, content, compressed, seconds())
            self._built.pop(key, None)
            self._built[key] = built
            while len(self._built) > MAX_KEPT:
                del self._built[next(iter(self._built))]
            return built
        finally:
            del self._building[key]
