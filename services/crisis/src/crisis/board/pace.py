"""When the next frame may leave: at once after a pause, otherwise no sooner than the last one was expensive.

A lone change waits for nothing. Under load frames merge down to four a second, which bounds what a viewer
receives and what the process spends on sending.
"""

from dataclasses import dataclass

SHORTEST_SECONDS = 0.015
LONGEST_SECONDS = 0.225
"""Four frames a second, with room for reading inside 250 ms from commit to frame."""

COST_FACTOR = 10
"""Sending may take a tenth of the time."""

SECONDS_PER_CHANGE = 0.005
"""From about 200 changes a second on, frames merge as far as they may."""


@dataclass(slots=True)
class Pace:
    """`due_at` is the monotonic moment from which a frame may leave."""

    due_at: float = 0.0

    def sent(self, started: float, ended: float, changes: int) -> None:
        """A frame with `changes` changes was read, built and written between two monotonic moments."""
        pause = max((ended - started) * COST_FACTOR, changes * SECONDS_PER_CHANGE, SHORTEST_SECONDS)
        self.due_at = started + min(pause, LONGEST_SECONDS)
