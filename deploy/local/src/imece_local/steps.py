"""Says what a start does, each step with its own time, from whichever thread it ran in."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress


class Steps:
    """Prints one line per finished step. Steps run beside each other: their times do not add up."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._lock = threading.Lock()

    def say(self, text: str) -> None:
        with self._lock, suppress(BrokenPipeError):  # nobody reads any more: the parts go on all the same
            print(text, flush=True)

    @contextmanager
    def step(self, text: str) -> Generator[list[str]]:
        """Time a step; append words to the yielded list to add them to its line."""
        began = time.monotonic()
        more: list[str] = []
        yield more
        self.say(f"{_duration(time.monotonic() - began):>8}  {' '.join([text, *more])}")

    def elapsed(self) -> str:
        return _duration(time.monotonic() - self._began).strip()


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
