"""One lane: as long as this process holds the locks of its slots it publishes their rows, in order.

Rows are found by "not published", never by a remembered position: a transaction with a lower position may
commit later. No transaction is open while sending. When the session with the locks is lost, sending stops at
once.
"""

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import Sequence
from operator import itemgetter
from typing import Any

import orjson
from aiokafka.errors import KafkaError

from imece_chassis.backoff import jittered, pause
from imece_chassis.database import Database, DatabaseUnavailable
from imece_chassis.failpoints import FailpointError, afailpoint
from imece_chassis.outbox import lane_slots
from imece_chassis.producer import BatchProducer, Compression, end_offsets, partition_of
from imece_chassis.relay import metrics, statements
from imece_chassis.relay.drain import Drain
from imece_chassis.relay.progress import ProgressWriter
from imece_chassis.relay.queues import HELD_OF_TOPIC, Queues, Row
from imece_chassis.relay.sending import Sender
from imece_chassis.sessions import CONNECT_ERRORS
from imece_chassis.telemetry.logs import log
from imece_contracts.topics import TOPICS, Topic

POLL_SECONDS = 1.0  # the safety net under lost notifications; also the ping of the lock's session
LOCK_RETRY_SECONDS = 0.5
BROKER_SECONDS = 10.0
DRAIN_SECONDS = 0.5  # how often the lane asks since when everything is published
READ_FIRST = 4  # rows per slot of the first read; doubles while rows are small
READ_ROWS = 2048
READ_BYTES = 8_000_000  # a larger read halves the next one
UNSENT_MOST = 1024  # read the next rows while these are on the wire; more only makes reads skip more
UNKNOWN = -1  # stands for the partition of a topic the cluster does not know yet
STOP_SECONDS = 3.0

_LOST = (*CONNECT_ERRORS, DatabaseUnavailable)
_SLOT = itemgetter(0)
_log = logging.getLogger(__name__)


class LockLost(Exception):
    """The session that held the lane's locks is gone; somebody else may lead now."""


class Lane:
    """Lane `number` of `lanes`."""

    def __init__(
        self,
        database: Database,
        bootstrap: str,
        progress_topic: Topic,
        number: int,
        lanes: int,
        wake: asyncio.Event,
        compression: Compression,
        held_of_topic: int = HELD_OF_TOPIC,
    ) -> None:
        self._database = database
        self._bootstrap = bootstrap
        self._progress_topic = progress_topic
        self._number = number
        self._lanes = lanes
        self._slots = lane_slots(number, lanes)
        self._read_each = READ_FIRST
        self._next_drain = 0.0
        self._wake = wake
        self._compression: Compression = compression
        self._label = str(number)
        self._held_of_topic = held_of_topic

    async def run(self, stop: asyncio.Event) -> None:
        """Lead whenever the locks are free, until `stop`."""
        while not stop.is_set():
            session: Any = None
            try:
                session = await self._database.dedicated()
                if await self._try_lock(session):
                    metrics.leader.labels(self._label).set(1)
                    await self._lead(session, stop)
                    continue
            except (*_LOST, LockLost) as error:
                log(_log, logging.WARNING, "lane_lost", lane=self._number, error=type(error).__name__)
            finally:
                metrics.leader.labels(self._label).set(0)
                if session is not None:
                    session.terminate()
            await pause(stop, jittered(LOCK_RETRY_SECONDS))

    async def _try_lock(self, session: Any) -> bool:
        """One lock per slot: lanes of a process configured with another number of lanes exclude each other
        too.
        """
        await session.execute(statements.PREPARE)
        if await session.fetchval(statements.LOCK, self._slots):
            return True
        await session.execute("SELECT pg_advisory_unlock_all()")
        return False

    async def _lead(self, session: Any, stop: asyncio.Event) -> None:
        lost = asyncio.Event()

        def on_end(_session: Any) -> None:
            lost.set()
            self._wake.set()

        session.add_termination_listener(on_end)
        topics = [
            t.name for t in TOPICS.values() if t.owner == self._progress_topic.owner and t.kind != "progress"
        ]
        queues, drain = Queues(self._held_of_topic), Drain()
        sender = Sender(self._open_producer, queues, self._read_offsets, topics, self._wake, self._label)
        progress = ProgressWriter(
            session, sender, drain, self._progress_topic, self._number, self._lanes, self._slots
        )
        is_clean = False
        try:
            log(_log, logging.INFO, "lane_led", lane=self._number, lanes=self._lanes)
            while not stop.is_set():
                await self._check_lock(lost)
                await sender.ensure_open()
                await self._turn(session, queues, drain, sender)
                await progress.write_if_due()
            await sender.finish(STOP_SECONDS)
            await self._mark(session, queues, drain)
            await progress.write()
            is_clean = True
        finally:
            with contextlib.suppress(KafkaError, OSError):
                await sender.close(flush=is_clean)

    async def _open_producer(self) -> BatchProducer:
        producer = BatchProducer(
            self._bootstrap,
            client_id=f"relay-{self._progress_topic.owner}-{self._number}",
            compression=self._compression,
        )
        try:
            await producer.start()
        except BaseException:
            await producer.close(flush=False)
            raise
        return producer

    async def _read_offsets(self, topics: Sequence[str]) -> dict[str, dict[int, int]]:
        return await asyncio.wait_for(end_offsets(self._bootstrap, topics), BROKER_SECONDS)

    async def _check_lock(self, lost: asyncio.Event) -> None:
        try:
            await afailpoint("relay.lock_lost")
        except FailpointError:
            lost.set()
        if lost.is_set():
            raise LockLost

    async def _turn(self, session: Any, queues: Queues, drain: Drain, sender: Sender) -> None:
        """Read what is new, start sending it, mark what was acknowledged; wait when there was nothing to
        do.
        """
        self._wake.clear()  # before the read: what commits after it wakes us again
        marked = await self._mark(session, queues, drain)
        marked += await self._refuse(session, queues, drain, sender)
        next_opening = queues.open_due()
        found = 0
        if sender.is_open and queues.unsent < UNSENT_MOST:
            found = await self._read(session, queues, drain, sender)
        await sender.start_ready()
        if found or marked:
            return
        wait = POLL_SECONDS if next_opening is None else min(POLL_SECONDS, next_opening + 0.01)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), wait)

    async def _read(self, session: Any, queues: Queues, drain: Drain, sender: Sender) -> int:
        limit = self._read_each
        closed = list(queues.closed)
        is_new_mark_due = not closed and drain.is_free and time.monotonic() >= self._next_drain
        read_at = await session.fetchval(statements.CLOCK) if is_new_mark_due else None
        rows = await session.fetch(statements.READ, self._slots, list(queues.held), limit, closed)
        size = 0
        partitions: dict[str, int] = {}
        for _, position, topic, key, headers, payload in rows:
            size += len(payload)
            count = partitions.get(topic)
            if count is None:
                count = 0 if queues.is_blocked(topic, UNKNOWN) else sender.partitions(topic)
                partitions[topic] = count
            queue = queues.of(topic, partition_of(key, count) if count else UNKNOWN)
            if not count and not queue.is_blocked:
                queues.block(queue, ())
            pairs = [(name, value.encode()) for name, value in orjson.loads(headers).items()]
            queues.add(queue, Row(position, key, payload, pairs))
        fullest = max(Counter(map(_SLOT, rows)).values(), default=0)
        if fullest < limit and read_at is not None and not queues.closed:
            self._next_drain = time.monotonic() + DRAIN_SECONDS
            drain.complete_read(read_at, queues.held)
        self._adapt(fullest == limit, size)
        return len(rows)

    def _adapt(self, is_full: bool, size: int) -> None:
        """Read more at once while there is more and rows are small, less when they are large."""
        if size > READ_BYTES:
            self._read_each = max(1, self._read_each // 2)
        elif is_full:
            self._read_each = min(2 * self._read_each, max(READ_FIRST, READ_ROWS // len(self._slots)))

    async def _refuse(self, session: Any, queues: Queues, drain: Drain, sender: Sender) -> int:
        refused, sender.refused = sender.refused, []
        for position, reason in refused:
            await session.execute(statements.REFUSE, position, reason)
            queues.marked((position,))
            drain.marked((position,))
        return len(refused)

    async def _mark(self, session: Any, queues: Queues, drain: Drain) -> int:
        positions = queues.take_acknowledged()
        if not positions:
            return 0
        started = time.perf_counter()
        await session.execute(statements.MARK, positions)
        queues.marked(positions)
        drain.marked(positions)
        metrics.published.labels(self._label).inc(len(positions))
        metrics.mark_seconds.observe(time.perf_counter() - started)
        return len(positions)
