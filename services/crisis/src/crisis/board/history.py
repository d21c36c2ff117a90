"""The topics of the board from their first record to the end they had when reading began, in batches."""

import logging
from collections.abc import AsyncIterator, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer

from imece_chassis.consumer import Received
from imece_contracts.catalogue import UnknownEventType, parse
from imece_contracts.envelope import MalformedEvent, from_record
from imece_contracts.topics import CRISES, LINES

BATCH = 500
POLL_MS = 500

_log = logging.getLogger(__name__)


async def history(bootstrap: str) -> AsyncIterator[Sequence[Received]]:
    """Batches of events; what cannot be read is left out, as it was when it came."""
    client: Any = AIOKafkaConsumer(
        CRISES.name,
        LINES.name,
        bootstrap_servers=bootstrap,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await client.start()
    try:
        places = list(client.assignment())
        await client.seek_to_beginning(*places)
        ends = await client.end_offsets(places)
        while any([await client.position(place) < ends[place] for place in places]):
            found = await client.getmany(*places, timeout_ms=POLL_MS, max_records=BATCH)
            batch = [each for records in found.values() for record in records if (each := _received(record))]
            if batch:
                yield batch
    finally:
        await client.stop()


def _received(record: Any) -> Received | None:
    try:
        envelope = from_record(record.topic, record.key, record.value, record.headers)
        return Received(envelope, parse(envelope), record.topic, record.partition, record.offset)
    except (MalformedEvent, UnknownEventType) as unreadable:
        _log.warning("board.history_unreadable", extra={"reason": type(unreadable).__name__})
        return None
