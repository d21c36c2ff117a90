"""When the next frame may leave: at once after a pause, otherwise no sooner than the last one was expensive.

A lone change waits for nothing. Under load frames merge down to about four a second, which bounds what a
viewer receives and what the process spends on sending.
"""

from dataclasses import dataclass

SHORTEST_SECONDS = 0.015
LONGEST_SECONDS = 0.19
"""With reading, building and writing this stays below 250 ms from commit to frame."""

COST_FACTOR = 10
"""Sending takes a tenth of the time where it can …"""

MOST_COST_FACTOR = 3
"""… and never more than a third, however many viewers there are."""

SECONDS_PER_CHANGE = 0.002
"""From about 500 changes a second on, frames merge as far as they may."""


@dataclass(slots=True)
class Pace:
    """`due_at` is the monotonic moment from which a frame may leave."""

    due_at: float = 0.0

    def sent(self, started: float, writing_seconds: float, changes: int) -> None:
        """A round began at `started`; it carried `changes` changes and took so long to write to all viewers.

        Waiting for the database is not counted: it costs this process nothing.
        """
        pause = max(writing_seconds * COST_FACTOR, changes * SECONDS_PER_CHANGE, SHORTEST_SECONDS)
        self.due_at = started + min(pause, max(LONGEST_SECONDS, writing_seconds * MOST_COST_FACTOR))
