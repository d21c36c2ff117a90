"""FastStream as we use it: raw batches, no decoding, no automatic acknowledgement, nothing dropped unseen.

Its defaults commit first, swallow errors, and skip what they cannot decode. Here it delivers tuples of
records and that is all; parsing, retries, dead letters and commits are ours.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from faststream import AckPolicy, BaseMiddleware
from faststream.kafka import KafkaBroker

from imece_chassis.consuming.reader import SteppingConsumer

MAX_RECORDS = 200
BATCH_TIMEOUT_MS = 1  # only how long the framework sleeps after an empty poll; see reader.WAIT_MS
GRACEFUL_SECONDS = 2.0  # for a batch that is being applied; with the last commit and leaving less than 5 s

OnBatch = Callable[[Sequence[Any]], Awaitable[None]]
OnUnseen = Callable[[int], None]


class _RawCodec:
    """Hands the consumer's own records to the handler."""

    async def decode(self, msg: Any) -> Any:
        return msg.raw_message

    async def decode_batch(self, msg: Any) -> Any:
        return msg.raw_message

    async def encode(self, msg: Any, serializer: Any = None) -> Any:
        return msg, None

    async def encode_batch(self, msgs: Any, serializer: Any = None) -> Any:
        return [(msg, None) for msg in msgs]


class _Bare:
    """What the framework's parser may see of a record: nothing it could fail on."""

    headers: tuple[()] = ()
    value = b""

    def __init__(self, record: Any) -> None:
        self.topic = record.topic
        self.offset = record.offset
        self.timestamp = record.timestamp


async def _safe_parser(records: Any, original: Callable[[Any], Awaitable[Any]]) -> Any:
    message = await original((_Bare(records[0]), _Bare(records[-1])))
    message.raw_message = records
    return message


class _NothingUnseen(BaseMiddleware[Any, Any]):
    """Reports batches that were received and that no handler saw."""

    def __init__(self, msg: Any, /, *, context: Any, on_unseen: OnUnseen) -> None:
        super().__init__(msg, context=context)
        self._on_unseen = on_unseen
        self._is_seen = False

    async def consume_scope(self, call_next: Any, msg: Any) -> Any:
        self._is_seen = True
        return await call_next(msg)

    async def after_processed(
        self, exc_type: Any = None, exc_val: Any = None, exc_tb: Any = None
    ) -> bool | None:
        if not self._is_seen:
            self._on_unseen(len(self.msg))
        return False


def subscribe(
    bootstrap: str, *, group: str, topics: Sequence[str], on_batch: OnBatch, on_unseen: OnUnseen
) -> tuple[Any, Any]:
    """(broker, subscriber) of one group member; start and stop it through the broker."""

    def watch(msg: Any, /, *, context: Any) -> _NothingUnseen:
        return _NothingUnseen(msg, context=context, on_unseen=on_unseen)

    broker: Any = KafkaBroker(
        bootstrap,
        client_id=group,
        consumer_only=True,
        allow_auto_create_topics=False,
        metadata_max_age_ms=30_000,  # a topic made later is found within this time
        graceful_timeout=GRACEFUL_SECONDS,
        apply_types=False,
        logger=None,
        codec=_RawCodec(),
        parser=_safe_parser,
        middlewares=[watch],
    )
    subscriber = broker.subscriber(
        *topics,
        group_id=group,
        batch=True,
        max_records=MAX_RECORDS,
        batch_timeout_ms=BATCH_TIMEOUT_MS,
        ack_policy=AckPolicy.MANUAL,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        session_timeout_ms=10_000,  # so long a killed member holds up keys and boards
        heartbeat_interval_ms=3_000,
        rebalance_timeout_ms=15_000,  # a member joins within a heartbeat, whatever its handler does
        max_poll_interval_ms=300_000,
        include_in_schema=False,
    )

    async def hand_over(records: Any) -> None:  # the framework builds a model of what a handler declares
        await on_batch(records)

    subscriber(hand_over)
    return broker, subscriber


async def start(broker: Any) -> None:
    """Connect and start reading, with a consumer that cannot be stopped by an unreadable record."""
    await broker.connect()
    clients = broker.config.broker_config
    clients.builder = partial(SteppingConsumer, **clients.builder.keywords)
    await broker.start()
