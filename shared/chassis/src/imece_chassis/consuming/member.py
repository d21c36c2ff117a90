"""One member of one consumer group: delivers batches, commits offsets behind, starts again when stuck."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Sequence
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError

from imece_chassis.backoff import backoff, pause
from imece_chassis.consuming import framework, metrics, statements
from imece_chassis.consuming.applying import Applier, Halted, Stopping
from imece_chassis.consuming.declaration import Consumer
from imece_chassis.consuming.epochs import Epochs
from imece_chassis.consuming.leaving import LEAVE_SECONDS
from imece_chassis.consuming.offsets import Offsets
from imece_chassis.consuming.records import RawRecord, classify
from imece_chassis.consuming.watchdog import Watchdog
from imece_chassis.database import Database, DatabaseUnavailable, OutcomeUnknown, Transaction
from imece_chassis.telemetry.logs import log
from imece_contracts.topics import TOPICS

TICK_SECONDS = 1.0
HOUSEKEEPING_SECONDS = 5.0
RETRY_FIRST_SECONDS = 0.5
RETRY_MOST_SECONDS = 10.0
START_SECONDS = 30.0
LAST_COMMIT_SECONDS = 1.0

_log = logging.getLogger(__name__)


class Member:
    """Runs one Consumer until `stop`."""

    def __init__(
        self, database: Database, bootstrap: str, service: str, consumer: Consumer, stop: asyncio.Event
    ) -> None:
        self._database = database
        self._bootstrap = bootstrap
        self._group = f"{service}.{consumer.name}"
        self._consumer = consumer
        self._stop = stop
        self._epochs = Epochs()
        self._applier = Applier(database, consumer, self._epochs, stop)
        self._batch_seconds = metrics.batch_seconds.labels(consumer.name)
        self._turn = asyncio.Lock()  # a batch and a rewind never overlap
        self._client: Any = None
        self._subscriber: Any = None
        self._ended: str | None = None  # why this member takes no more batches
        self._watchdog = Watchdog()
        self._offsets = Offsets(consumer.name)

    async def run(self) -> None:
        """Start, watch, restart with backoff. Returns when stopped, or halted by a failed record."""
        metrics.stopped.labels(self._consumer.name).set(0)
        failures = 0
        while not self._stop.is_set():
            started = time.monotonic()
            try:
                reason = await self._run_once()
            except (KafkaError, TimeoutError, OSError, DatabaseUnavailable, OutcomeUnknown) as error:
                reason = type(error).__name__
            if self._stop.is_set():
                return
            if reason == "halted":
                metrics.stopped.labels(self._consumer.name).set(1)
                log(_log, logging.CRITICAL, "consumer_halted", consumer=self._consumer.name)
                await self._stop.wait()
                return
            failures = 1 if time.monotonic() - started > START_SECONDS else failures + 1
            metrics.restarts.labels(self._consumer.name, reason).inc()
            log(_log, logging.WARNING, "consumer_restarts", consumer=self._consumer.name, reason=reason)
            await pause(self._stop, backoff(failures, RETRY_FIRST_SECONDS, RETRY_MOST_SECONDS))

    async def _run_once(self) -> str:
        """One life of the group member; returns why it ended."""
        self._ended = None
        self._watchdog = Watchdog()
        self._offsets = Offsets(self._consumer.name)
        await self._database.unit_of_work(self._register)
        topics = [topic.name for topic in self._consumer.topics]
        broker, self._subscriber = framework.subscribe(
            self._bootstrap,
            group=self._group,
            topics=topics,
            on_batch=self._on_batch,
            on_unseen=self._on_unseen,
        )
        try:
            if not await self._start(broker):
                return "stopping"
            self._client = self._subscriber.consumer
            return await self._watch()
        finally:
            self._ended = self._ended or "stopping"
            if self._client is not None:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._offsets.commit(self._client), LAST_COMMIT_SECONDS)
            self._client = None
            with contextlib.suppress(KafkaError, OSError, TimeoutError):
                await asyncio.wait_for(broker.stop(), framework.GRACEFUL_SECONDS + LEAVE_SECONDS)

    async def _start(self, broker: Any) -> bool:
        """Join the group; False when told to stop meanwhile, for others may keep the group from forming."""
        starting = asyncio.create_task(framework.start(broker))
        stopping = asyncio.create_task(self._stop.wait())
        try:
            async with asyncio.timeout(START_SECONDS):
                await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()
            return starting.done()
        finally:
            for task in (starting, stopping):
                task.cancel()
            await asyncio.wait({starting, stopping})

    async def _register(self, tx: Transaction) -> None:
        topics = [topic.name for topic in self._consumer.topics]
        await tx.execute(statements.TOPICS, self._consumer.name, topics)
        await tx.execute(statements.FORGET_TOPICS, self._consumer.name, topics)
        await self._hear_epochs(tx)

    async def _hear_epochs(self, tx: Transaction) -> None:
        for row in await tx.fetch(statements.EPOCHS, self._consumer.name):
            self._epochs.heard(row["progress_topic"], row["epoch"])

    async def _on_batch(self, records: Sequence[RawRecord]) -> None:
        async with self._turn:
            client = self._client or self._subscriber.consumer
            if self._ended is not None or client is None:
                return
            started = time.perf_counter()
            self._watchdog.batch_started()
            try:
                await self._apply_and_commit(client, records)
            except Stopping:
                self._ended = "stopping"
            except Halted:
                self._ended = "halted"
            except Exception as error:  # noqa: BLE001 - nothing was committed; a new member reads it again
                _log.error(
                    "batch_crashed", exc_info=error, extra={"fields": {"consumer": self._consumer.name}}
                )
                self._ended = "crashed"
            finally:
                self._watchdog.batch_ended()
                self._batch_seconds.observe(time.perf_counter() - started)

    async def _apply_and_commit(self, client: Any, records: Sequence[RawRecord]) -> None:
        current = await self._still_ours(client, records)
        if not current:
            return
        await self._applier.apply([classify(record) for record in current])
        self._watchdog.newest_ms = max(record.timestamp for record in current)
        self._offsets.reached(current)
        await self._offsets.commit_if_due(client)

    async def _still_ours(self, client: Any, records: Sequence[RawRecord]) -> list[RawRecord]:
        """Without records of partitions that were taken away or rewound since they were fetched."""
        positions: dict[tuple[str, int], int] = {}
        assigned = client.assignment()
        for place in {(record.topic, record.partition) for record in records}:
            partition = TopicPartition(*place)
            if partition in assigned:
                with contextlib.suppress(IllegalStateError):
                    positions[place] = await client.position(partition)
        return [r for r in records if r.offset < positions.get((r.topic, r.partition), 0)]

    def _on_unseen(self, count: int) -> None:
        metrics.unseen.labels(self._consumer.name).inc(count)
        log(_log, logging.ERROR, "records_unseen", consumer=self._consumer.name, count=count)
        self._ended = "unseen"

    async def _watch(self) -> str:
        """Until the member ends: lag, epochs, gauges, and whether anything still moves."""
        next_housekeeping = 0.0
        while True:
            if await pause(self._stop, TICK_SECONDS):
                return "stopping"
            if self._ended is not None:
                return self._ended
            if all(task.done() for task in self._subscriber.tasks):
                return "loop_ended"
            lag, stuck = await self._watchdog.look(self._client)
            metrics.lag_seconds.labels(self._consumer.name).set(lag)
            if stuck is not None:
                return stuck
            await self._offsets.commit_if_due(self._client)
            if time.monotonic() >= next_housekeeping:
                next_housekeeping = time.monotonic() + HOUSEKEEPING_SECONDS
                with contextlib.suppress(DatabaseUnavailable, OutcomeUnknown):
                    await self._housekeeping()

    async def _housekeeping(self) -> None:
        async def work(tx: Transaction) -> list[Any]:
            await self._hear_epochs(tx)
            gauges = await tx.fetchrow(statements.GAUGES, self._consumer.name)
            metrics.dead_waiting.labels(self._consumer.name).set(gauges["dead"])
            metrics.parked_keys.labels(self._consumer.name).set(gauges["parked"])
            return await tx.fetch(statements.POSITION_EPOCHS, self._consumer.name)

        rows = await self._database.snapshot(work)
        assigned = self._client.assignment()
        outdated = [
            TopicPartition(row["topic"], row["partition"])
            for row in rows
            if row["log_epoch"] < self._epochs.of_topic(row["topic"])
            and TopicPartition(row["topic"], row["partition"]) in assigned
            and (topic := TOPICS.get(row["topic"])) is not None
            and topic.kind != "progress"
        ]
        if outdated:
            async with self._turn:
                await self._rewind(outdated)

    async def _rewind(self, places: Sequence[TopicPartition]) -> None:
        """The log was rebuilt: read these partitions from their start; the inbox knows what was applied.

        Offsets first, then the position's epoch: a crash in between repeats the rewind.
        """
        beginnings = await self._client.beginning_offsets(places)
        self._offsets.forget(places)
        await self._client.commit(beginnings)
        for place, offset in beginnings.items():
            self._client.seek(place, offset)

        async def work(tx: Transaction) -> None:
            for place, offset in beginnings.items():
                epoch = self._epochs.of_topic(place.topic)
                await tx.execute(
                    statements.REWIND, self._consumer.name, place.topic, place.partition, offset, epoch
                )

        await self._database.unit_of_work(work)
        log(
            _log,
            logging.WARNING,
            "consumer_rewound",
            consumer=self._consumer.name,
            partitions=len(beginnings),
        )
