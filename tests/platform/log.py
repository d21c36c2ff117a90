"""Reading whole topics with a client the services do not use."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from confluent_kafka import Consumer, KafkaException, TopicPartition

IDLE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class KafkaRecord:
    """One record as it lies in the log; `headers` keeps the last value of a repeated name."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: dict[str, bytes | None]

    def header(self, name: str) -> str | None:
        """Text of one header, None when it is missing or empty."""
        raw = self.headers.get(name)
        return None if raw is None else raw.decode()


def read_all(bootstrap: str, topics: Iterable[str]) -> list[KafkaRecord]:
    """Every record of the topics from offset 0 to the present end, with a client the services do not use."""
    reader = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": f"reader-{uuid.uuid4()}",
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "isolation.level": "read_committed",
            "log_level": 0,
        }
    )
    try:
        metadata = reader.list_topics(timeout=10).topics
        places = [TopicPartition(topic, part, 0) for topic in topics for part in metadata[topic].partitions]
        missing = {
            (place.topic, place.partition): end
            for place in places
            if (end := reader.get_watermark_offsets(place, timeout=10)[1]) > 0
        }
        reader.assign(places)
        return list(_drain(reader, missing))
    finally:
        reader.close()


def _drain(reader: Consumer, missing: dict[tuple[str, int], int]) -> Iterator[KafkaRecord]:
    while missing:
        for message in reader.consume(500, timeout=1.0):
            if message.error() is not None:
                raise KafkaException(message.error())
            topic, partition, offset = message.topic(), message.partition(), message.offset()
            assert topic is not None and partition is not None and offset is not None
            headers = {
                name: value if isinstance(value, bytes) else None for name, value in message.headers() or []
            }
            yield KafkaRecord(topic, partition, offset, message.key(), message.value(), headers)
            if offset + 1 >= missing.get((topic, partition), 0):
                missing.pop((topic, partition), None)
