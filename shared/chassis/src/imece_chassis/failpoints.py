"""Named points at which a test makes the process crash, fail, wait or hang; nothing happens unless armed.

Syntax: `FP="name:action@rate;…"`. Actions: crash (SIGKILL, no clean-up), error, error(BuiltinClass),
delay(ms), hang, drop_ack (the answer is lost after the effect). Rates: `1/50` or `0.02` (probability), `#3`
(the third hit only). Read once at start; refused in production. Every name is used exactly once in the code.
"""

import asyncio
import builtins
import os
import random
import re
import signal
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NoReturn

CRASH_STATUS = -signal.SIGKILL
"""How a parent sees the end of a process that crashed; a shell says 137."""

_POINT = re.compile(
    r"(?P<name>[a-z_]+\.[a-z_]+):(?P<action>crash|error|delay|hang|drop_ack)(?:\((?P<argument>[A-Za-z0-9_.]+)\))?(?:@(?P<rate>[0-9./#]+))?$"
)


class FailpointError(Exception):
    """A failpoint with the action `error` was reached."""


class AnswerDropped(ConnectionError):
    """A failpoint with the action `drop_ack` was reached: the effect happened, the answer is lost."""


class FailpointSyntax(ValueError):
    """FP must look like name:action@rate, separated by semicolons."""


@dataclass
class _Point:
    name: str
    action: str
    argument: str | None
    probability: float = 1.0
    only_hit: int | None = None
    hits: int = field(default=0)

    def is_due(self) -> bool:
        self.hits += 1
        if self.only_hit is not None:
            return self.hits == self.only_hit
        return self.probability >= 1.0 or random.random() < self.probability  # noqa: S311 - tests only

    def exception(self) -> BaseException:
        if self.action == "drop_ack":
            return AnswerDropped(self.name)
        named: object = getattr(builtins, self.argument, None) if self.argument else None
        if isinstance(named, type) and issubclass(named, Exception):
            return named(self.name)
        return FailpointError(self.name)


_armed: dict[str, _Point] = {}


def _parse(text: str) -> dict[str, _Point]:
    points: dict[str, _Point] = {}
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        match = _POINT.match(part)
        if match is None:
            raise FailpointSyntax(part)
        point = _Point(match["name"], match["action"], match["argument"])
        rate = match["rate"] or "1"
        if rate.startswith("#"):
            point.only_hit = int(rate[1:])
        elif "/" in rate:
            numerator, denominator = rate.split("/")
            point.probability = int(numerator) / int(denominator)
        else:
            point.probability = float(rate)
        points[point.name] = point
    return points


def arm(text: str, *, env: str = "test") -> None:
    """Replace the armed points by those in `text`; raises FailpointSyntax, and RuntimeError in production."""
    points = _parse(text)
    if points and env == "production":
        raise RuntimeError("failpoints are refused in production")
    _armed.clear()
    _armed.update(points)


@contextmanager
def armed(text: str) -> Generator[None]:
    """Arm points for the length of a `with` block (tests inside one process)."""
    before = dict(_armed)
    _armed.update(_parse(text))
    try:
        yield
    finally:
        _armed.clear()
        _armed.update(before)


def hits(name: str) -> int:
    """How often an armed point was reached."""
    return _armed[name].hits if name in _armed else 0


def crash() -> NoReturn:
    """End this process as the out-of-memory killer does: nothing runs any more, no handler, no flush.

    The first process of a container is shielded from its own signals; it leaves without clean-up.
    """
    os.kill(os.getpid(), signal.SIGKILL)
    os._exit(128 + signal.SIGKILL)


def failpoint(name: str) -> None:
    """Do what FP says at this point; blocks the thread for delay and hang."""
    if not _armed:
        return
    point = _armed.get(name)
    if point is None or not point.is_due():
        return
    if point.action == "crash":
        crash()
    if point.action == "delay":
        time.sleep(float(point.argument or "100") / 1000)
    elif point.action == "hang":
        while True:
            time.sleep(3600)
    else:
        raise point.exception()


async def afailpoint(name: str) -> None:
    """Do what FP says at this point; delay and hang let other tasks run."""
    if not _armed:
        return
    point = _armed.get(name)
    if point is None or not point.is_due():
        return
    if point.action == "crash":
        crash()
    if point.action == "delay":
        await asyncio.sleep(float(point.argument or "100") / 1000)
    elif point.action == "hang":
        await asyncio.Event().wait()
    else:
        raise point.exception()
