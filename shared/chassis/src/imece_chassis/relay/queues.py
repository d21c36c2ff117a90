"""What a lane holds in memory: rows on their way, per partition, and every position it must not read again.

A partition has at most one batch on the wire. When one fails, the partition is blocked with all rows behind
it; their payloads are dropped and read again in order once it opens.
"""

import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from imece_chassis.backoff import backoff

BACKOFF_FIRST_SECONDS = 0.2
BACKOFF_MOST_SECONDS = 30.0

Headers = list[tuple[str, bytes]]


class Row(NamedTuple):
    """One outbox row ready to send; made tens of thousands of times a second."""

    position: int
    key: bytes
    value: bytes
    headers: Headers


@dataclass(slots=True)
class PartitionQueue:
    """Rows of one partition in order."""

    topic: str
    partition: int
    waiting: deque[Row] = field(default_factory=deque[Row])
    blocked: list[int] = field(default_factory=list[int])
    blocked_until: float = 0.0
    failures: int = 0
    is_sending: bool = False
    is_single: bool = False  # after a refusal: one record per batch, to find the one that is refused

    @property
    def is_blocked(self) -> bool:
        return self.blocked_until > 0.0


class Queues:
    """All partitions of a lane."""

    def __init__(self) -> None:
        self._queues: dict[tuple[str, int], PartitionQueue] = {}
        self.held: set[int] = set()
        self.unsent = 0  # rows waiting or on the wire
        self.acknowledged: list[int] = []

    def of(self, topic: str, partition: int) -> PartitionQueue:
        """The queue of a partition."""
        place = (topic, partition)
        queue = self._queues.get(place)
        if queue is None:
            queue = self._queues[place] = PartitionQueue(topic, partition)
        return queue

    def is_blocked(self, topic: str, partition: int) -> bool:
        """Whether rows of this partition must wait."""
        queue = self._queues.get((topic, partition))
        return queue is not None and queue.is_blocked

    def ready(self) -> list[PartitionQueue]:
        """Queues with rows to send and nothing on the wire."""
        return [queue for queue in self._queues.values() if queue.waiting and not queue.is_sending]

    def add(self, queue: PartitionQueue, row: Row) -> None:
        """Take a row that was read; behind a blocked partition only its position is kept."""
        self.held.add(row.position)
        if queue.is_blocked:
            queue.blocked.append(row.position)
        else:
            queue.waiting.append(row)
            self.unsent += 1

    def acknowledge(self, rows: Iterable[Row]) -> None:
        """These rows are in the log; they stay held until they are marked."""
        positions = [row.position for row in rows]
        self.acknowledged += positions
        self.unsent -= len(positions)

    def take_acknowledged(self) -> list[int]:
        """Positions to mark now."""
        positions, self.acknowledged = self.acknowledged, []
        return positions

    def marked(self, positions: Iterable[int]) -> None:
        """These rows are marked as published."""
        self.held.difference_update(positions)

    def block(self, queue: PartitionQueue, on_wire: Iterable[Row], *, forget_failures: bool = False) -> float:
        """Hold back the partition, failed batch first; returns for how many seconds."""
        rows = [*on_wire, *queue.waiting]
        queue.waiting.clear()
        queue.blocked += [row.position for row in rows]
        self.unsent -= len(rows)
        queue.failures = 0 if forget_failures else queue.failures + 1
        wait = backoff(max(1, queue.failures), BACKOFF_FIRST_SECONDS, BACKOFF_MOST_SECONDS)
        queue.blocked_until = time.monotonic() + wait
        return wait

    def open_due(self) -> float | None:
        """Open partitions whose time has come (call it only right before a read); seconds until the next
        one.
        """
        now = time.monotonic()
        soonest: float | None = None
        for queue in self._queues.values():
            if not queue.is_blocked or queue.is_sending:
                continue
            if queue.blocked_until <= now:
                self.held.difference_update(queue.blocked)
                queue.blocked.clear()
                queue.blocked_until = 0.0
            else:
                remaining = queue.blocked_until - now
                soonest = remaining if soonest is None else min(soonest, remaining)
        return soonest
