"""Claim → send → record. The attempt is committed before any byte leaves; no transaction is open meanwhile.

Slots are per channel and places per lane, so one dead endpoint holds two places and nobody else's. A process
that vanishes leaves leases that run out: its attempts become unknown and are tried again under the same id.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from imece_chassis.database import Database, DatabaseUnavailable, OutcomeUnknown, Transaction
from imece_chassis.failpoints import afailpoint
from imece_chassis.listening import Listener
from imece_chassis.sessions import CONNECT_ERRORS
from imece_chassis.telemetry.logs import log
from notifications import metrics
from notifications.channels.contract import SendingChannel
from notifications.domain.endpoints import INTERNAL_ERROR, KEY_UNREADABLE
from notifications.domain.kinds import Channel
from notifications.domain.outcomes import Outcome, Temporary, Unknown, outcome_name
from notifications.domain.work import Job
from notifications.store import claims, queue
from notifications.store.vault import Vault
from notifications.usecases.record_notices import WAKE_CHANNEL
from notifications.usecases.record_outcome import Attempted, reclaim_expired, record_outcome, settle_disabled

LEASE_SECONDS = 60.0
POLL_SECONDS = 1.0
SWEEP_SECONDS = 5.0
COALESCE_SECONDS = 0.003  # many attempts that end together cause one claim, not one each
RECORD_TRIES = 5
GRACE_SECONDS = 4.0  # a process has five seconds to end; what is still sending then becomes unknown by lease

_log = logging.getLogger(__name__)
_TROUBLE = (DatabaseUnavailable, OutcomeUnknown, *CONNECT_ERRORS)

Complete = Callable[[Transaction, Vault, Sequence[Job]], Awaitable[list[Job]]]


@dataclass(frozen=True, slots=True)
class Lanes:
    """Limits of one channel: attempts in flight in this process, and in one lane over all processes."""

    channel: SendingChannel
    slots: int
    per_lane: int


_COMPLETE: dict[Channel, Complete] = {
    Channel.MAIL: claims.with_mailboxes,
    Channel.WEBHOOK: claims.with_endpoints,
}


class Dispatcher:
    """The deliver role."""

    name = "deliver"

    def __init__(
        self,
        database: Database,
        vault: Vault,
        lanes: Sequence[Lanes],
        *,
        lease_seconds: float = LEASE_SECONDS,
        poll_seconds: float = POLL_SECONDS,
        sweep_seconds: float = SWEEP_SECONDS,
    ) -> None:
        self._database = database
        self._vault = vault
        self._lanes = tuple(lanes)
        self._lease_seconds = lease_seconds
        self._poll_seconds = poll_seconds
        self._sweep_seconds = sweep_seconds
        self._wake = asyncio.Event()
        self._listener = Listener(database, WAKE_CHANNEL, self._wake.set, retry_seconds=poll_seconds)
        self._in_flight: dict[Channel, set[asyncio.Task[None]]] = {lane.channel.name: set() for lane in lanes}
        self._next_sweep = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop`; then wait a little for attempts in flight."""
        listening = asyncio.create_task(self._listener.run(stop))
        stopping = asyncio.create_task(_set_after(stop, self._wake))
        try:
            while not stop.is_set():
                self._wake.clear()
                try:
                    await self._round()
                except _TROUBLE as error:
                    log(_log, logging.WARNING, "claim_failed", error=type(error).__name__)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), self._poll_seconds)
                await asyncio.sleep(COALESCE_SECONDS)
        finally:
            listening.cancel()
            stopping.cancel()
            await asyncio.gather(listening, stopping, return_exceptions=True)
            await self._finish()

    async def _round(self) -> None:
        if time.monotonic() >= self._next_sweep:
            self._next_sweep = time.monotonic() + self._sweep_seconds
            if count := await self._database.unit_of_work(reclaim_expired):
                log(_log, logging.WARNING, "leases_expired", count=count)
            await self._database.unit_of_work(settle_disabled)
            await self._measure()
        for lane in self._lanes:
            await self._claim(lane)

    async def _claim(self, lane: Lanes) -> None:
        channel = lane.channel.name
        running = self._in_flight[channel]
        free = lane.slots - len(running)
        if free <= 0:
            return

        async def work(tx: Transaction) -> list[Job]:
            jobs = await claims.claim(
                tx, channel, slots=free, per_lane=lane.per_lane, lease_seconds=self._lease_seconds
            )
            return await _COMPLETE[channel](tx, self._vault, jobs) if jobs else []

        for job in await self._database.unit_of_work(work):
            if job.number == 1:
                metrics.first_attempt_seconds.labels(channel.value, job.notice_class).observe(
                    max(0.0, (job.begun_at - job.occurred_at).total_seconds())
                )
            task = asyncio.create_task(self._attempt(lane.channel, job))
            running.add(task)
            task.add_done_callback(lambda done, running=running: _ended(done, running))

    async def _attempt(self, channel: SendingChannel, job: Job) -> None:
        started = time.perf_counter()
        outcome = await _send(channel, job)
        latency_ms = int((time.perf_counter() - started) * 1000)
        await afailpoint("notify.after_send")
        await self._record(job, outcome, latency_ms)
        self._wake.set()

    async def _record(self, job: Job, outcome: Outcome, latency_ms: int) -> None:
        attempted = Attempted(job.delivery_id, job.number, outcome, latency_ms)
        for attempt in range(RECORD_TRIES):
            try:
                state = await self._database.unit_of_work(lambda tx: record_outcome(tx, attempted))
            except _TROUBLE:
                await asyncio.sleep(0.2 * 2**attempt)  # repeating is harmless: the outcome is one row
                continue
            log(
                _log,
                logging.INFO,
                "attempt",
                delivery_id=str(job.delivery_id),
                channel=job.channel.value,
                number=job.number,
                outcome=outcome_name(outcome),
                code=outcome.code,
                state=state.value,
                latency_ms=latency_ms,
            )
            return
        log(_log, logging.ERROR, "outcome_not_recorded", delivery_id=str(job.delivery_id))

    async def _measure(self) -> None:
        ages = await self._database.unit_of_work(queue.oldest_seconds)
        for lane in self._lanes:
            kind = lane.channel.name.value
            metrics.queue_oldest_seconds.labels(kind).set(ages.get(kind, 0.0))

    def cancel_sending(self) -> None:
        """Give up every attempt in flight; their leases run out and they become unknown."""
        for task in self._tasks():
            task.cancel()

    def _tasks(self) -> list[asyncio.Task[None]]:
        return [task for running in self._in_flight.values() for task in running]

    async def _finish(self) -> None:
        if tasks := self._tasks():
            await asyncio.wait(tasks, timeout=GRACE_SECONDS)
            self.cancel_sending()
            await asyncio.gather(*tasks, return_exceptions=True)
        for lane in self._lanes:
            await lane.channel.aclose()


async def _send(channel: SendingChannel, job: Job) -> Outcome:
    if job.is_unreadable:
        # A wrong master key is our own fault and may be put right: the schedule goes on, nothing is lost.
        log(_log, logging.ERROR, "key_unreadable", channel=job.channel.value)
        return Temporary(KEY_UNREADABLE)
    try:
        return await channel.send(job)
    except Exception as error:  # noqa: BLE001 - a defect of a channel must not lose the attempt
        log(_log, logging.ERROR, "send_failed", channel=job.channel.value, error=type(error).__name__)
        return Unknown(INTERNAL_ERROR)


def _ended(task: asyncio.Task[None], running: set[asyncio.Task[None]]) -> None:
    """An attempt that ended without a record keeps its lease, and the sweep makes it unknown."""
    running.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        log(_log, logging.ERROR, "attempt_lost", error=type(error).__name__)


async def _set_after(first: asyncio.Event, then: asyncio.Event) -> None:
    await first.wait()
    then.set()
