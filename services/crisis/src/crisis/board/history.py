"""The topics of the board from their first record to the end they had when reading began, in batches.

A log that has lost its beginning cannot tell the whole story; `cut_topics` says so beforehand.
"""

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer

from imece_chassis.consumer import Lost, Received
from imece_contracts.catalogue import UnknownEventType, parse
from imece_contracts.envelope import MalformedEvent, from_record
from imece_contracts.topics import CRISES, LINES, ORDERS

BATCH = 500
POLL_MS = 500

_log = logging.getLogger(__name__)


async def cut_topics(bootstrap: str) -> tuple[str, ...]:
    """Topics whose first records are gone, by name."""
    async with _reading(bootstrap) as (client, places):
        beginnings = await client.beginning_offsets(places)
        return tuple(sorted({place.topic for place, first in beginnings.items() if first > 0}))


async def history(bootstrap: str) -> AsyncIterator[Sequence[Received | Lost]]:
    """Batches of records in their order; a Lost is one that cannot be read."""
    async with _reading(bootstrap) as (client, places):
        await client.seek_to_beginning(*places)
        ends = await client.end_offsets(places)
        while any([await client.position(place) < ends[place] for place in places]):
            found = await client.getmany(*places, timeout_ms=POLL_MS, max_records=BATCH)
            batch = [_received(record) for records in found.values() for record in records]
            if batch:
                yield batch


@asynccontextmanager
async def _reading(bootstrap: str) -> AsyncGenerator[tuple[Any, list[Any]]]:
    client: Any = AIOKafkaConsumer(
        CRISES.name,
        LINES.name,
        ORDERS.name,
        bootstrap_servers=bootstrap,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await client.start()
    try:
        yield client, list(client.assignment())
    finally:
        await client.stop()


def _received(record: Any) -> Received | Lost:
    try:
        envelope = from_record(record.topic, record.key, record.value, record.headers)
        return Received(envelope, parse(envelope), record.topic, record.partition, record.offset)
    except (MalformedEvent, UnknownEventType) as unreadable:
        _log.warning("board.history_unreadable", extra={"reason": type(unreadable).__name__})
        return Lost(record.topic, record.key, None)
