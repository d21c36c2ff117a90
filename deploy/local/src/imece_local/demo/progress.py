"""How far something long has come: what, how many, how fast, how long yet."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

PRINTED_EVERY = 5.0
"""Seconds between lines where the last one cannot be written over."""
DRAWN_EVERY = 0.2


@dataclass
class Progress:
    """The steps of one course at a time; `log` keeps every finished one with its figures."""

    say: Callable[[str], None]
    out: TextIO = field(default_factory=lambda: sys.stdout)
    clock: Callable[[], float] = time.monotonic
    log: list[str] = field(default_factory=list[str])
    what: str = ""
    total: int = 0
    done: int = 0
    _began: float = 0.0
    _shown: float = 0.0

    def begin(self, what: str, total: int) -> None:
        """A new course of `total` steps; the last one must be ended."""
        self.what, self.total, self.done = what, total, 0
        self._began = self._shown = self.clock()

    def step(self, count: int = 1) -> None:
        """So many more are done."""
        self.done += count
        since = self.clock() - self._shown
        if self.out.isatty() and since >= DRAWN_EVERY:
            self._shown = self.clock()
            self.out.write(f"\r\033[K{self.line()}")
            self.out.flush()
        elif not self.out.isatty() and since >= PRINTED_EVERY:
            self._shown = self.clock()
            self.say(self.line())

    def end(self) -> None:
        """The course is over, whole or not; says how it went."""
        if not self.what:
            return
        seconds = self.clock() - self._began
        told = f"{figure(self.done)} of {figure(self.total)} {self.what} in {duration(seconds)}"
        self.log.append(told)
        if self.out.isatty():
            self.out.write("\r\033[K")
        self.what = ""
        self.say(told)

    @property
    def is_whole(self) -> bool:
        """Nothing is left of the course."""
        return self.done >= self.total

    def line(self) -> str:
        """`1,240 of 7,800 need lines open, 61/s, 1 min 48 s left`."""
        seconds = self.clock() - self._began
        counted = f"{figure(self.done)} of {figure(self.total)} {self.what}"
        if not self.done or seconds <= 0:
            return counted
        rate = self.done / seconds
        left = duration((self.total - self.done) / rate)
        return f"{counted}, {rate:.{int(rate < 10)}f}/s, {left} left"


def figure(number: int) -> str:
    """7,800."""
    return f"{number:,}"


def duration(seconds: float) -> str:
    """`48 s`, `1 min 48 s`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
