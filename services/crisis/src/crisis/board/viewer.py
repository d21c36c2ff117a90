"""One reader of a stream: a cursor and a way to write, nothing else, so a slow one costs no memory.

A write is the server's own `send`, run to its end in one step. uvicorn waits *before* it writes, and only
while more than 64 kB are unsent; a step that would wait is dropped and the viewer later gets a merged frame.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Message, Send

from crisis.board.stops import Stop

SLOW_AFTER_SECONDS = 30.0


def write(send: Send, message: Message) -> bool:
    """Run one `send` to its end without waiting. False when the socket is full and nothing was written."""
    step: Any = send(message)
    try:
        step.send(None)
    except StopIteration:
        return True
    step.close()
    return False


@dataclass(slots=True, eq=False)
class Viewer:
    """`cursor` is the last seq written. `ends_at` and `stuck_since` are monotonic seconds.

    `may_stay` is asked again while the stream lives; it answers from memory. `stops` is what it last heard of
    them, None at the beginning.
    """

    send: Send
    task: "asyncio.Task[Any]"
    scope: str
    cursor: int
    beat_seconds: float
    ends_at: float
    may_stay: Callable[[], bool]
    last_beat: float = 0.0
    stuck_since: float | None = None
    farewell: bytes | None = field(default=None)
    stops: tuple[Stop, ...] | None = None

    def offer(self, frame: Message, now: float) -> bool:
        """Write a shared frame if the socket takes it. A dead connection counts as taken: its task ends."""
        if self.farewell is not None:
            return True
        try:
            written = write(self.send, frame)
        except OSError:
            return True
        if written:
            self.stuck_since = None
        elif self.stuck_since is None:
            self.stuck_since = now
        return written

    def is_stuck(self, now: float, seconds: float) -> bool:
        """Nothing could be written for so long."""
        return self.stuck_since is not None and now - self.stuck_since > seconds

    def end(self, farewell: bytes) -> None:
        """Let the viewer's own task write the last frame and close the stream."""
        if self.farewell is None:
            self.farewell = farewell
            self.task.cancel()
