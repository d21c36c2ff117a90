"""Every 2 s a lane writes how far it has published, so that readers can tell their own age without
traffic.
"""

import asyncio
import logging
import time
from typing import Any

from aiokafka.errors import KafkaError

from imece_chassis.relay import metrics, statements
from imece_chassis.relay.drain import Drain
from imece_chassis.relay.sending import Sender
from imece_chassis.telemetry.logs import log
from imece_contracts.progress import ProgressMark
from imece_contracts.topics import Topic

INTERVAL_SECONDS = 2.0

_log = logging.getLogger(__name__)


class ProgressWriter:
    """Writes marks of one lane through the lane's own producer and updates its gauges."""

    def __init__(
        self,
        session: Any,
        sender: Sender,
        drain: Drain,
        topic: Topic,
        lane: int,
        lanes: int,
        slots: list[int],
    ) -> None:
        self._session = session
        self._sender = sender
        self._drain = drain
        self._topic = topic
        self._lane = lane
        self._lanes = lanes
        self._slots = slots
        self._due = 0.0
        self._sending: asyncio.Task[None] | None = None

    async def write_if_due(self) -> None:
        """Write a mark when 2 s have passed since the last one; does not wait for its acknowledgement."""
        now = time.monotonic()
        if now >= self._due and (self._sending is None or self._sending.done()):
            self._due = now + INTERVAL_SECONDS
            mark = await self._mark()
            if mark is not None:
                self._sending = asyncio.create_task(self._send(mark))

    async def write(self) -> None:
        """Write a mark now and wait for it (at the end of leading)."""
        if self._sending is not None:
            await asyncio.wait({self._sending}, timeout=1.0)
        mark = await self._mark()
        if mark is not None:
            await asyncio.wait({asyncio.create_task(self._send(mark))}, timeout=1.0)

    async def _mark(self) -> ProgressMark | None:
        label = str(self._lane)
        state = await self._session.fetchrow(statements.STATE, self._slots)
        metrics.rows.labels(label).set(state["backlog"])
        metrics.oldest.labels(label).set(state["oldest_seconds"])
        if self._drain.drained_at is None or not self._sender.are_offsets_known:
            return None
        return ProgressMark(
            lane=self._lane,
            lanes=self._lanes,
            drained_at=self._drain.drained_at,
            end_offsets={topic: dict(places) for topic, places in self._sender.offsets.items()},
            log_epoch=state["epoch"],
        )

    async def _send(self, mark: ProgressMark) -> None:
        try:
            await self._sender.send_one(
                self._topic.name, str(self._lane).encode(), mark.model_dump_json().encode()
            )
            metrics.marks.labels(str(self._lane)).inc()
        except (KafkaError, TimeoutError) as error:
            log(_log, logging.WARNING, "progress_mark_failed", lane=self._lane, error=type(error).__name__)
