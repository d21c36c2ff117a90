"""What a lane holds in memory: rows on their way, per partition, and every position it must not read again.

A partition has at most one batch on the wire. When one fails, the partition is blocked with all rows behind
it; their payloads are dropped and read again in order once it opens. A topic with too many such rows is
closed: they are forgotten and the topic is not read until one of its partitions opens, so that no backlog
keeps other topics from being read.
"""

import time
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from imece_chassis.backoff import backoff

BACKOFF_FIRST_SECONDS = 0.2
BACKOFF_MOST_SECONDS = 30.0
HELD_OF_TOPIC = 10_000  # every read carries the positions held; 10,000 cost it 1 ms
PROBE_ROWS = (
    64  # in hand of a partition that failed last; one that hangs must not use up the lane's UNSENT_MOST
)

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
    is_probing: bool = (
        False  # open after a failure with rows left behind; all later ones must stay behind, too
    )

    @property
    def is_blocked(self) -> bool:
        return self.blocked_until > 0.0


class Queues:
    """All partitions of a lane. `closed` are the topics not to be read."""

    def __init__(self, held_of_topic: int = HELD_OF_TOPIC) -> None:
        self._held_of_topic = held_of_topic
        self._queues: dict[tuple[str, int], PartitionQueue] = {}
        self._behind: Counter[str] = Counter()  # rows behind blocked partitions, by topic
        self.closed: set[str] = set()
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
        """Take a row that was read; behind a blocked partition only its position is kept, and of a closed
        topic nothing: the row comes again with the first read after the topic is opened.
        """
        if queue.topic in self.closed:
            return
        if not queue.is_blocked and queue.failures and len(queue.waiting) >= PROBE_ROWS:
            queue.is_probing = True
        self.held.add(row.position)
        if queue.is_blocked or queue.is_probing:
            self._hold_back(queue, (row.position,))
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
        self.unsent -= len(rows)
        queue.failures = 0 if forget_failures else queue.failures + 1
        wait = backoff(max(1, queue.failures), BACKOFF_FIRST_SECONDS, BACKOFF_MOST_SECONDS)
        queue.blocked_until = time.monotonic() + wait
        self._hold_back(queue, [row.position for row in rows])
        return wait

    def open_due(self) -> float | None:
        """Open partitions whose time has come (call it only right before a read); seconds until the next
        one.
        """
        now = time.monotonic()
        soonest: float | None = None
        for queue in self._queues.values():
            if queue.is_probing and not queue.is_blocked and not queue.failures:
                self._open(queue)
            if not queue.is_blocked or queue.is_sending:
                continue
            if queue.blocked_until <= now:
                self._open(queue)
            else:
                remaining = queue.blocked_until - now
                soonest = remaining if soonest is None else min(soonest, remaining)
        return soonest

    def _open(self, queue: PartitionQueue) -> None:
        queue.blocked_until = 0.0
        queue.is_probing = False
        self._forget(queue)
        self.closed.discard(queue.topic)

    def _hold_back(self, queue: PartitionQueue, positions: Sequence[int]) -> None:
        queue.blocked += positions
        self._behind[queue.topic] += len(positions)
        if self._behind[queue.topic] > self._held_of_topic:
            self.closed.add(queue.topic)
            for other in self._queues.values():
                if other.topic == queue.topic:
                    self._forget(other)

    def _forget(self, queue: PartitionQueue) -> None:
        """Let the rows behind this partition be read again."""
        self.held.difference_update(queue.blocked)
        self._behind[queue.topic] -= len(queue.blocked)
        queue.blocked.clear()
