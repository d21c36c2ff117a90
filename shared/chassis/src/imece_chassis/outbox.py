"""An event is published only by the transaction that made it true: `append` needs that transaction.

Lock the aggregate first, append last. The position is then drawn after the aggregate's lock is held, so
within one key position order is commit order; the relay's order guarantee rests on it.
"""

from binascii import crc32

import orjson
from prometheus_client import Counter

from imece_chassis.database import Transaction
from imece_chassis.failpoints import afailpoint
from imece_contracts.envelope import Envelope, header_texts

CHANNEL = "outbox"
SLOTS = 16  # lanes must divide the keys the same way for ever; 16 allows 1, 2, 4, 8 or 16 of them
MAX_PAYLOAD_BYTES = 900 * 1024

_APPEND = """
INSERT INTO outbox (event_id, slot, topic, key, type, headers, payload)
SELECT event_id, slot, topic, key, type, headers::json, payload
FROM unnest($1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[])
     WITH ORDINALITY AS event (event_id, slot, topic, key, type, headers, payload, place)
ORDER BY place
"""
_APPEND_ONE = """
INSERT INTO outbox (event_id, slot, topic, key, type, headers, payload) VALUES ($1, $2, $3, $4, $5, $6, $7)
"""

_appended = Counter("outbox_appended_total", "Events handed to the outbox (before commit)", ["topic"])


class PayloadTooLarge(ValueError):
    """An event's payload is larger than the broker will take."""


def slot_of(key: str) -> int:
    """The slot of a key, 0–15; fixed for ever."""
    return crc32(key.encode()) % SLOTS


def lane_slots(lane: int, lanes: int) -> list[int]:
    """The slots a lane is responsible for."""
    return [slot for slot in range(SLOTS) if slot % lanes == lane]


def headers_text(event: Envelope) -> str:
    """The event's Kafka headers as the JSON object the relay sends from."""
    return orjson.dumps(header_texts(event)).decode()


async def append(tx: Transaction, *events: Envelope) -> None:
    """Store events for publication, in the given order, in one statement; the relay wakes after the commit.

    Raises PayloadTooLarge above 900 kB. If this fails, the whole unit of work must fail.
    """
    if not events:
        return
    for event in events:
        if len(event.data) > MAX_PAYLOAD_BYTES:
            raise PayloadTooLarge(f"{event.type}: {len(event.data)} bytes, at most {MAX_PAYLOAD_BYTES}")
        _appended.labels(event.topic).inc()
    await afailpoint("cmd.outbox_error")
    rows = [(e.id, slot_of(e.key), e.topic, e.key, e.type, headers_text(e), e.data) for e in events]
    if len(rows) == 1:
        await tx.execute(_APPEND_ONE, *rows[0])
    else:
        await tx.execute(_APPEND, *(list(column) for column in zip(*rows, strict=True)))
    tx.wake_after_commit(CHANNEL)
