"""Sends the queues of a lane: one batch per partition on the wire, the next one only after its
acknowledgement.

A refused batch is sent again record by record until the refused record is found; a failed or late one blocks
its partition. After any failure the producer is replaced, because the sequence behind it is broken. Offsets
nobody knows are asked for again and again, beside the sending.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence

from aiokafka.errors import (
    InvalidTopicError,
    KafkaError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
)

from imece_chassis.failpoints import FailpointError, afailpoint
from imece_chassis.producer import BatchProducer
from imece_chassis.relay import metrics
from imece_chassis.relay.queues import PartitionQueue, Queues, Row
from imece_chassis.telemetry.logs import log

SEND_SECONDS = 30.0
REFUSALS = (MessageSizeTooLargeError, RecordListTooLargeError, InvalidTopicError)
RECONNECT_SECONDS = 1.0
LEARNING_SECONDS = 2.0

_log = logging.getLogger(__name__)


class Sender:
    """Owns the producer of a lane. `offsets` is {topic: {partition: next offset}}; `refused` is (position,
    reason).
    """

    def __init__(
        self,
        open_producer: Callable[[], Awaitable[BatchProducer]],
        queues: Queues,
        read_offsets: Callable[[Sequence[str]], Awaitable[dict[str, dict[int, int]]]],
        topics: Sequence[str],
        wake: asyncio.Event,
        label: str,
        *,
        reconnect_seconds: float = RECONNECT_SECONDS,
    ) -> None:
        self._open_producer = open_producer
        self._queues = queues
        self._read_offsets = read_offsets
        self._topics = topics
        self._wake = wake
        self._label = label
        self._reconnect_seconds = reconnect_seconds
        self._producer: BatchProducer | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_broken = False
        self._partitions: dict[str, int] = {}
        self._lookups: set[str] = set()
        self._next_try = 0.0
        self._is_stopping = False
        self.refused: list[tuple[int, str]] = []
        self.offsets: dict[str, dict[int, int]] = {}
        self.are_offsets_known = False
        self._doubts = 0  # an answer to a question asked before the last doubt does not end it
        self._learning: asyncio.Task[None] | None = None
        self._next_question = 0.0

    @property
    def is_open(self) -> bool:
        """Whether batches can leave."""
        return self._producer is not None and not self._is_broken

    def partitions(self, topic: str) -> int:
        """How many partitions; 0 while that is not known yet (it is then being asked for)."""
        known = self._partitions.get(topic, 0)
        if not known and topic not in self._lookups:
            self._lookups.add(topic)
            task = asyncio.create_task(self._look_up(topic))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return known

    async def ensure_open(self) -> None:
        """Connect when needed; a broker that is away is tried again after a second, without raising."""
        self._learn_offsets()
        if self.is_open or time.monotonic() < self._next_try or any(not task.done() for task in self._tasks):
            return
        if self._producer is not None:
            old, self._producer = self._producer, None
            await old.close(flush=False)
        try:
            self._producer = await self._open_producer()
            self._is_broken = False
            for topic in self._topics:
                await self._look_up(topic)
            self._learn_offsets()
        except (KafkaError, TimeoutError, OSError) as error:
            self._next_try = time.monotonic() + self._reconnect_seconds
            log(_log, logging.WARNING, "relay_waits_for_broker", lane=self._label, error=type(error).__name__)

    async def start_ready(self) -> None:
        """Put a batch on the wire for every partition that has rows and none there."""
        if not self.is_open or self._is_stopping:
            return
        for queue in self._queues.ready():
            queue.is_sending = True
            task = asyncio.create_task(self._send_all(queue))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def send_one(self, topic: str, key: bytes, value: bytes) -> None:
        """Send a record of its own (progress marks). Raises KafkaError or TimeoutError."""
        if self._producer is None:
            return
        batch = self._producer.new_batch()
        batch.append(timestamp=None, key=key, value=value, headers=[("content-type", b"application/json")])
        try:
            await self._producer.send(batch, topic, 0, SEND_SECONDS)
        except (KafkaError, TimeoutError):
            self._is_broken = True
            raise

    async def finish(self, seconds: float) -> None:
        """Wait for what is on the wire; put nothing more there."""
        self._is_stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    async def close(self, *, flush: bool) -> None:
        """Stop at once; without `flush` nothing more leaves."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        if self._producer is not None:
            await self._producer.close(flush=flush)
            self._producer = None
        if self._learning is not None:  # cancelled while it connects it would leave a connection behind
            _, late = await asyncio.wait({self._learning}, timeout=LEARNING_SECONDS)
            for task in late:
                task.cancel()
                await asyncio.wait({task})

    async def _look_up(self, topic: str) -> None:
        try:
            if self._producer is not None:
                self._partitions[topic] = await self._producer.partitions(topic)
        except (KafkaError, TimeoutError) as error:
            log(_log, logging.ERROR, "topic_unknown", topic=topic, error=type(error).__name__)
        finally:
            self._lookups.discard(topic)

    def _learn_offsets(self) -> None:
        """Ask the log for its offsets while they are unknown: right after a change of leader, or after an
        acknowledgement without an offset. Nothing waits for the answer but the marks.
        """
        is_asking = self._learning is not None and not self._learning.done()
        if not self.is_open or self.are_offsets_known or is_asking:
            return
        if time.monotonic() >= self._next_question:
            self._next_question = time.monotonic() + self._reconnect_seconds
            self._learning = asyncio.create_task(self._refresh_offsets(self._doubts))

    async def _refresh_offsets(self, doubts: int) -> None:
        """Upper bounds read from the log itself."""
        try:
            found = await self._read_offsets(self._topics)
        except Exception as error:  # noqa: BLE001 - whatever it was, it is asked again a second later
            log(_log, logging.WARNING, "offsets_unknown", lane=self._label, error=type(error).__name__)
            return
        for topic, places in found.items():
            mine = self.offsets.setdefault(topic, {})
            for partition, offset in places.items():
                mine[partition] = max(offset, mine.get(partition, 0))
        self.are_offsets_known = doubts == self._doubts

    async def _send_all(self, queue: PartitionQueue) -> None:
        on_wire: list[Row] = []
        try:
            while queue.waiting and not self._is_broken and not self._is_stopping:
                producer = self._producer
                if producer is None:
                    break
                batch = self._fill(producer, queue, on_wire)
                await afailpoint("relay.before_publish")
                offset = await producer.send(batch, queue.topic, queue.partition, SEND_SECONDS)
                await afailpoint("relay.after_publish")
                self._acknowledged(queue, on_wire, offset)
                on_wire = []
        except Exception as error:  # noqa: BLE001 - a defect, too, must not lose the rows it holds
            if not isinstance(error, KafkaError | TimeoutError | FailpointError):
                _log.error("batch_crashed", exc_info=error)
            self._failed(queue, on_wire, error)
        finally:
            queue.is_sending = False
            self._wake.set()

    def _fill(self, producer: BatchProducer, queue: PartitionQueue, rows: list[Row]) -> object:
        """A batch of the first waiting rows, which move to `rows` one by one."""
        batch = producer.new_batch()
        waiting = queue.waiting
        while waiting:
            row = waiting[0]
            if batch.append(timestamp=None, key=row.key, value=row.value, headers=row.headers) is None:
                break
            rows.append(waiting.popleft())
            if queue.is_single:
                break
        metrics.batch_records.observe(len(rows))
        return batch

    def _acknowledged(self, queue: PartitionQueue, rows: list[Row], offset: int) -> None:
        self._queues.acknowledge(rows)
        queue.failures = 0
        if len(rows) > 1 or not queue.waiting:
            queue.is_single = False
        if offset >= 0:
            self.offsets.setdefault(queue.topic, {})[queue.partition] = offset + len(rows)
        else:
            self.are_offsets_known = False
            self._doubts += 1
        self._wake.set()

    def _failed(self, queue: PartitionQueue, rows: list[Row], error: Exception) -> None:
        self._is_broken = True
        name = type(error).__name__
        metrics.failures.labels(self._label, name).inc()
        if isinstance(error, REFUSALS) and len(rows) == 1:
            metrics.refused.labels(self._label).inc()
            log(
                _log,
                logging.ERROR,
                "event_refused_by_broker",
                position=rows[0].position,
                topic=queue.topic,
                error=name,
            )
            self.refused.append((rows[0].position, name))
            self._queues.unsent -= 1
            rows = []
        is_refusal = isinstance(error, REFUSALS)
        queue.is_single = queue.is_single or is_refusal
        wait = self._queues.block(queue, rows, forget_failures=is_refusal)
        log(
            _log, logging.WARNING, "partition_blocked",
            topic=queue.topic, partition=queue.partition, seconds=round(wait, 2), error=name,
        )  # fmt: skip
