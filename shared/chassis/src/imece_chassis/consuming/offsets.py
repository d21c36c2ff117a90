"""Tells the broker how far the database has got, a few times a second and never ahead of it.

What is told late is delivered once more after a crash or to the partition's next owner; the inbox knows it.
"""

import logging
import time
from collections.abc import Iterable, Sequence
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError

from imece_chassis.consuming import metrics
from imece_chassis.consuming.records import RawRecord
from imece_chassis.telemetry.logs import log

EVERY_SECONDS = 0.25  # a commit costs the broker as much as a fetch

_log = logging.getLogger(__name__)


class Offsets:
    """Offsets reached by one member and not yet told."""

    def __init__(self, consumer: str) -> None:
        self._consumer = consumer
        self._reached: dict[TopicPartition, int] = {}
        self._due = 0.0

    def reached(self, records: Sequence[RawRecord]) -> None:
        """These records are applied."""
        for record in records:
            place = TopicPartition(record.topic, record.partition)
            self._reached[place] = max(record.offset + 1, self._reached.get(place, 0))

    def forget(self, places: Iterable[TopicPartition]) -> None:
        """These partitions are read from another place now."""
        for place in places:
            self._reached.pop(place, None)

    async def commit_if_due(self, client: Any) -> None:
        """Commit unless that was done a moment ago."""
        if time.monotonic() >= self._due:
            await self.commit(client)

    async def commit(self, client: Any) -> None:
        """Commit what is still ours. A broker that refuses raises nothing: the next owner reads it again."""
        assigned = client.assignment()
        reached = {place: offset for place, offset in self._reached.items() if place in assigned}
        self._reached.clear()
        self._due = time.monotonic() + EVERY_SECONDS
        if not reached:
            return
        try:
            await client.commit(reached)
        except (KafkaError, IllegalStateError) as error:
            metrics.commit_failures.labels(self._consumer).inc()
            log(_log, logging.WARNING, "commit_failed", consumer=self._consumer, error=type(error).__name__)
