"""The newest changes of one board in memory: at most 5,000 and at most 10 minutes, numbers without holes.

`since(n)` answers with the last state of every line changed after n, or with None when n is out of reach.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from crisis.board.card import Card

MAX_CHANGES = 5_000
MAX_AGE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Entry:
    """One change: the card read once, `body` and `what` as the bytes that will be sent.

    `at` is database time of writing; `what` is a JSON list without its brackets, so that lists can be joined.
    """

    seq: int
    card: Card
    at: datetime
    body: bytes
    what: bytes

    @property
    def line(self) -> UUID:
        """The line that changed."""
        return self.card.line

    @property
    def province(self) -> str:
        """P-code of the province it lies in."""
        return self.card.province


class Ring:
    """Changes (floor, head]; a reader at `floor` or later can catch up from here."""

    def __init__(self, head: int, *, max_changes: int = MAX_CHANGES, max_age: timedelta = MAX_AGE) -> None:
        self.floor = head
        self.head = head
        self._entries: deque[Entry] = deque()
        self._max_changes = max_changes
        self._max_age = max_age

    def __len__(self) -> int:
        return len(self._entries)

    def extend(self, entries: Iterable[Entry]) -> None:
        """Append changes that follow the head without a hole. Raises ValueError for any other."""
        for entry in entries:
            if entry.seq != self.head + 1:
                raise ValueError(f"change {entry.seq} does not follow {self.head}")
            self._entries.append(entry)
            self.head = entry.seq
        while len(self._entries) > self._max_changes:
            self._drop()

    def expire(self, now: datetime) -> None:
        """Drop what is older than the ring's time."""
        while self._entries and now - self._entries[0].at > self._max_age:
            self._drop()

    def since(self, cursor: int) -> list[Entry] | None:
        """Last change of each line after `cursor`, oldest first; None below the floor or above the head."""
        if not self.floor <= cursor <= self.head:
            return None
        last: dict[UUID, Entry] = {}
        for entry in reversed(self._after(cursor)):
            last.setdefault(entry.line, entry)
        return list(reversed(last.values()))

    def whats(self, cursor: int) -> list[Entry]:
        """Every change after `cursor`, oldest first, for the strip of what happened."""
        return self._after(cursor)

    def latest(self, count: int) -> list[Entry]:
        """The newest changes, newest first."""
        return [entry for entry, _ in zip(reversed(self._entries), range(count), strict=False)]

    def _after(self, cursor: int) -> list[Entry]:
        missing = self.head - cursor
        if missing * 4 < len(self._entries):
            return [self._entries[index] for index in range(-missing, 0)]
        entries = list(self._entries)
        return entries[bisect_right(entries, cursor, key=_seq) :]

    def _drop(self) -> None:
        self.floor = self._entries.popleft().seq


def _seq(entry: Entry) -> int:
    return entry.seq
