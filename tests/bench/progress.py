"""Which part runs, for how long, and how much is left: one line that is rewritten on a terminal."""

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TextIO

REFRESH_SECONDS = 1.0


class Progress:
    """`planned` are (name, usual seconds) of the parts in their order."""

    def __init__(self, planned: list[tuple[str, float]], out: TextIO = sys.stderr) -> None:
        self._planned = planned
        self._out = out
        self._done = 0
        self._began = time.monotonic()

    @asynccontextmanager
    async def part(self) -> AsyncIterator[None]:
        """The next part, as long as the block runs."""
        name, usual = self._planned[self._done]
        began = time.monotonic()
        if not self._out.isatty():
            self._write(f"{self._title(name)}, about {self._left(0):.0f} s left\n")
        shown = asyncio.create_task(self._show(name, began))
        try:
            yield
        finally:
            shown.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await shown
            self.clear()
            self._write(f"{self._title(name)}: {time.monotonic() - began:.1f} s (usually {usual:.0f})\n")
            self._done += 1

    def say(self, line: str) -> None:
        """A line that stays."""
        self.clear()
        print(line, flush=True)

    def clear(self) -> None:
        """Take the moving line away."""
        if self._out.isatty():
            self._write("\r\x1b[K")

    async def _show(self, name: str, began: float) -> None:
        while self._out.isatty():
            spent = time.monotonic() - began
            self._write(f"\r\x1b[K{self._title(name)}: {spent:.0f} s, about {self._left(spent):.0f} s left")
            await asyncio.sleep(REFRESH_SECONDS)

    def _title(self, name: str) -> str:
        return f"[{self._done + 1}/{len(self._planned)}] {name}"

    def _left(self, spent: float) -> float:
        """Seconds, never less than the parts not yet begun usually take."""
        now, *later = (usual for _, usual in self._planned[self._done :])
        return max(now - spent, 0.0) + sum(later)

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()
