"""A Kafka producer that fills one batch per partition itself, so that order and prefixes are ours to decide.

Idempotent, acks=all. An idempotent batch never expires inside aiokafka, so every wait here has its own
deadline and a producer that failed once is thrown away: the sequence numbers behind a refused batch would all
be refused too.
"""

import asyncio
import contextlib
import logging
import struct
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Literal

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

MAX_BATCH_BYTES = 256 * 1024
STOP_SECONDS = 2.0
METADATA_SECONDS = 5.0

Compression = Literal["gzip"] | None

_MASK = 0xFFFFFFFF
_MULTIPLIER = 0x5BD1E995
_SEED = 0x9747B28C

logging.getLogger("aiokafka").setLevel(
    logging.ERROR
)  # its warnings repeat several times a second while a broker is away


@lru_cache(maxsize=65_536)
def _murmur2(key: bytes) -> int:
    """MurmurHash2 as Kafka's Java client uses it: every tool then finds a key in the same partition."""
    length = len(key)
    words = length >> 2
    mixed = _SEED ^ length
    for word in struct.unpack_from(f"<{words}I", key):
        k = word * _MULTIPLIER & _MASK
        k = (k ^ k >> 24) * _MULTIPLIER & _MASK
        mixed = (mixed * _MULTIPLIER & _MASK) ^ k
    rest = key[words << 2 :]
    if rest:
        mixed = (mixed ^ int.from_bytes(rest, "little")) * _MULTIPLIER & _MASK
    mixed = (mixed ^ mixed >> 13) * _MULTIPLIER & _MASK
    return mixed ^ mixed >> 15


def partition_of(key: bytes, partitions: int) -> int:
    """The partition of a key, the same as the Java client's default for keyed records."""
    return (_murmur2(key) & 0x7FFFFFFF) % partitions


class BatchProducer:
    """One connection to the cluster. Start it, send batches, close it; it is not reusable."""

    def __init__(self, bootstrap: str, *, client_id: str, compression: Compression = None) -> None:
        self._producer: Any = AIOKafkaProducer(
            bootstrap_servers=bootstrap,
            client_id=client_id,
            enable_idempotence=True,
            max_batch_size=MAX_BATCH_BYTES,
            linger_ms=0,
            compression_type=compression,
            request_timeout_ms=10_000,
            metadata_max_age_ms=60_000,
        )
        self._partitions: dict[str, int] = {}

    async def start(self, deadline_seconds: float = 10.0) -> None:
        """Connect. Raises KafkaError or TimeoutError; close it in either case."""
        await asyncio.wait_for(self._producer.start(), deadline_seconds)

    async def partitions(self, topic: str) -> int:
        """How many partitions the topic has. Raises KafkaError or TimeoutError when the cluster does not
        know it.
        """
        known = self._partitions.get(topic)
        if known is None:
            found = await asyncio.wait_for(self._producer.partitions_for(topic), METADATA_SECONDS)
            known = self._partitions[topic] = len(found)
        return known

    def new_batch(self) -> Any:
        """An empty batch: `append(timestamp, key, value, headers)` returns None when it is full."""
        return self._producer.create_batch()

    async def send(self, batch: Any, topic: str, partition: int, deadline_seconds: float) -> int:
        """Send one batch and wait for all replicas; returns the offset of its first record (-1: unknown).

        Raises KafkaError or TimeoutError; after either this producer must be replaced.
        """
        batch.close()
        async with asyncio.timeout(deadline_seconds):
            acknowledged = await self._producer.send_batch(batch, topic, partition=partition)
            metadata = await acknowledged
        return -1 if metadata is None else metadata.offset

    async def close(self, *, flush: bool) -> None:
        """End the connection within 2 s; without `flush` nothing more leaves this process."""
        with contextlib.suppress(KafkaError, TimeoutError, asyncio.CancelledError, OSError):
            if not flush:
                await asyncio.wait_for(self._producer.client.close(), STOP_SECONDS)
        stopping = asyncio.ensure_future(self._producer.stop())
        done, _ = await asyncio.wait({stopping}, timeout=STOP_SECONDS if flush else 0.2)
        if not done:
            stopping.cancel()
        with contextlib.suppress(KafkaError, asyncio.CancelledError, OSError):
            await stopping
        with contextlib.suppress(KafkaError, TimeoutError, OSError):
            await asyncio.wait_for(self._producer.client.close(), STOP_SECONDS)


async def end_offsets(bootstrap: str, topics: Iterable[str]) -> dict[str, dict[int, int]]:
    """The next offset of every partition of the topics that exist. Raises KafkaError."""
    consumer: Any = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, enable_auto_commit=False, request_timeout_ms=10_000
    )
    found: dict[str, dict[int, int]] = {}
    try:
        await consumer.start()
        existing = await consumer.topics()
        places = [
            TopicPartition(topic, partition)
            for topic in topics
            if topic in existing
            for partition in sorted(consumer.partitions_for_topic(topic) or ())
        ]
        for place, offset in (await consumer.end_offsets(places)).items():
            found.setdefault(place.topic, {})[place.partition] = offset
    finally:
        await consumer.stop()
    return found
