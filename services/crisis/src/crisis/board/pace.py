"""When the next frame may leave: at once after a pause, otherwise no sooner than the last one was expensive.

A lone change waits for nothing. Under load frames merge: to ten a second because of many changes, to about
five because of many viewers. That bounds what a viewer receives and what the process spends on sending.
"""

from dataclasses import dataclass

SHORTEST_SECONDS = 0.015
LONGEST_SECONDS = 0.19
"""With reading, building and writing this stays below 250 ms from commit to frame."""

LONGEST_FOR_COMPANY_SECONDS = 0.1
"""Longer company makes a frame no cheaper: by then most lines that change at all are in it."""

COST_FACTOR = 10
"""Sending takes a tenth of the time where it can …"""

MOST_COST_FACTOR = 3
"""… and never more than a third, however many viewers there are."""

SECONDS_PER_CHANGE = 0.002
"""From about 500 changes a second on, frames merge as far as volume alone makes them."""


@dataclass(slots=True)
class Pace:
    """`due_at` is the monotonic moment from which a frame may leave."""

    due_at: float = 0.0

    def sent(self, started: float, writing_seconds: float, changes: int) -> None:
        """A round began at `started`; it carried `changes` changes and took so long to write to all viewers.

        Waiting for the database is not counted: it costs this process nothing.
        """
        company = min(changes * SECONDS_PER_CHANGE, LONGEST_FOR_COMPANY_SECONDS)
        pause = max(writing_seconds * COST_FACTOR, company, SHORTEST_SECONDS)
        self.due_at = started + min(pause, max(LONGEST_SECONDS, writing_seconds * MOST_COST_FACTOR))
