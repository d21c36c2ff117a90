"""Write raw records and read whole topics, with a client library the services do not use."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.record.util import calc_crc32c
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._config import AlterConfigOpType, ConfigEntry, ConfigResource
from confluent_kafka.admin._resource import ResourceType

from imece_contracts.envelope import Envelope, to_headers

Headers = Sequence[tuple[str, bytes | None]]


@dataclass(frozen=True)
class Seen:
    """One record of a topic."""

    partition: int
    offset: int
    key: str | None
    value: bytes | None
    headers: dict[str, bytes]

    @property
    def event_id(self) -> str:
        return self.headers["ce_id"].decode()

    @property
    def sequence(self) -> int:
        return int(self.headers["ce_sequence"])


def read_all(bootstrap: str, topic: str) -> list[Seen]:
    """Every record of a topic, partition by partition."""
    consumer = Consumer(
        {"bootstrap.servers": bootstrap, "group.id": "reader", "enable.auto.commit": False, "log_level": 0}
    )
    try:
        found: list[Seen] = []
        for partition in consumer.list_topics(topic, timeout=10).topics[topic].partitions:
            low, high = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=10)
            consumer.assign([TopicPartition(topic, partition, low)])
            at = low
            while at < high:
                for record in consumer.consume(500, timeout=5):
                    assert record.error() is None
                    key = record.key()
                    found.append(
                        Seen(
                            partition,
                            record.offset() or 0,
                            key.decode() if isinstance(key, bytes) else key,
                            record.value(),  # pyright: ignore[reportArgumentType]
                            dict(record.headers() or ()),  # pyright: ignore[reportArgumentType]
                        )
                    )
                    at = (record.offset() or 0) + 1
        return found
    finally:
        consumer.close()


def write(
    bootstrap: str,
    topic: str,
    records: Sequence[tuple[bytes | None, bytes | None, Headers]],
    partition: int = 0,
) -> None:
    """Append raw (key, value, headers) records to one partition, in order."""
    producer = Producer({"bootstrap.servers": bootstrap, "message.max.bytes": 8_000_000, "log_level": 0})
    for key, value, headers in records:
        producer.produce(topic, value=value, key=key, headers=list(headers), partition=partition)
        producer.poll(0)
    assert producer.flush(15) == 0


def raw(event: Envelope) -> tuple[bytes, bytes, Headers]:
    """An event as a raw record."""
    return event.key.encode(), event.data, to_headers(event)


def limit_record_bytes(bootstrap: str, topic: str, size: int) -> None:
    """Make the broker refuse larger records on this topic (until the topic is made anew)."""
    entry = ConfigEntry("max.message.bytes", str(size), incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ResourceType.TOPIC, topic, incremental_configs=[entry])
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
    for done in admin.incremental_alter_configs([resource]).values():
        done.result(10)


async def write_with_odd_header_name(bootstrap: str, topic: str, event: Envelope) -> None:
    """Append a record with a header whose name is not UTF-8; no client library offers that, so bytes are
    patched.
    """
    producer: Any = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    try:
        batch = producer.create_batch()
        batch.append(timestamp=None, key=event.key.encode(), value=event.data, headers=[("QQQQ", b"x")])
        encoded = batch._build()
        place = bytes(encoded).index(b"QQQQ")
        encoded[place : place + 4] = b"\xff\xfe\xff\xfe"
        struct.pack_into(">I", encoded, 17, calc_crc32c(bytes(encoded[21:])))
        await (await producer.send_batch(batch, topic, partition=0))
    finally:
        await producer.stop()
