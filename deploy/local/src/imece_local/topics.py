"""Topics on the broker: created from the contracts, listed with their offsets.

Existing topics are left as they are: a start never deletes records.
`python -m imece_local.topics BOOTSTRAP` creates what is missing, with KAFKA_PARTITIONS partitions (4).
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import for_code

from imece_contracts.topics import TOPICS, Topic

LOCAL_PARTITIONS = 4
_ALREADY_EXISTS = 36


class TopicNotCreated(RuntimeError):
    """The broker refused to create a topic."""


@dataclass(frozen=True, slots=True)
class TopicLine:
    """What `./imece topics` says about one topic; `records` is the sum of end minus begin offsets."""

    name: str
    owner: str
    kind: str
    partitions: int
    end_offsets: tuple[int, ...]
    records: int
    consumers: tuple[str, ...]


async def create_topics(
    bootstrap: str, *, partitions: int = LOCAL_PARTITIONS, topics: Sequence[Topic] = tuple(TOPICS.values())
) -> list[str]:
    """Create missing topics, one replica each; their names. None gets more partitions than declared."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        existing = set(await admin.list_topics())
        missing = [topic for topic in topics if topic.name not in existing]
        if not missing:
            return []
        answer = await admin.create_topics(
            [
                NewTopic(
                    topic.name, min(partitions, topic.partitions), 1, topic_configs=topic.configuration()
                )
                for topic in missing
            ]
        )
        for name, code, *detail in answer.topic_errors:
            if code not in (0, _ALREADY_EXISTS):
                raise TopicNotCreated(
                    f"{name}: {for_code(code).__name__} {' '.join(map(str, detail))}".strip()
                )
        return [topic.name for topic in missing]
    finally:
        await admin.close()


async def list_topics(bootstrap: str) -> list[TopicLine]:
    """Every topic on the broker except Kafka's own, sorted by name."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, group_id=None, enable_auto_commit=False)
    await admin.start()
    await consumer.start()
    try:
        lines: list[TopicLine] = []
        for described in sorted(await admin.describe_topics(), key=lambda described: described["topic"]):
            name = described["topic"]
            if name.startswith("__"):
                continue
            places = [TopicPartition(name, part["partition"]) for part in described["partitions"]]
            places.sort(key=lambda place: place.partition)
            begin, end = await consumer.beginning_offsets(places), await consumer.end_offsets(places)
            declared = TOPICS.get(name)
            lines.append(
                TopicLine(
                    name=name,
                    owner=declared.owner if declared else "-",
                    kind=declared.kind if declared else "undeclared",
                    partitions=len(places),
                    end_offsets=tuple(end[place] for place in places),
                    records=sum(end[place] - begin[place] for place in places),
                    consumers=declared.consumers if declared else (),
                )
            )
        return lines
    finally:
        await consumer.stop()
        await admin.close()


if __name__ == "__main__":
    wanted = int(os.environ.get("KAFKA_PARTITIONS") or LOCAL_PARTITIONS)
    for created in asyncio.run(create_topics(sys.argv[1], partitions=wanted)):
        print(created)
