"""A batch becomes one transaction: inbox, handler, positions, marks. Offsets are for the caller, afterwards.

Transient errors wait and repeat in place, without limit; a batch that is too slow is halved first. Anything
else narrows the batch to the single record, which gets three tries and then becomes a dead letter; what
follows is the consumer's policy.
"""

import asyncio
import json
import logging
import traceback
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from imece_chassis import dead_letters
from imece_chassis.backoff import backoff, jittered, pause
from imece_chassis.consuming import metrics, statements
from imece_chassis.consuming.declaration import Consumer, Lost, Policy, Received
from imece_chassis.consuming.epochs import Epochs
from imece_chassis.consuming.records import Entry, Malformed, Unknown
from imece_chassis.database import Database, DatabaseUnavailable, OutcomeUnknown, Transaction
from imece_chassis.failpoints import afailpoint
from imece_chassis.freshness import store_mark
from imece_chassis.telemetry.logs import log
from imece_contracts.progress import ProgressMark
from imece_contracts.topics import TOPICS

TRIES = 3
WAIT_FIRST_SECONDS = 0.2
WAIT_MOST_SECONDS = 30.0
TRANSIENT = (DatabaseUnavailable, OutcomeUnknown, ConnectionError)

_log = logging.getLogger(__name__)


class Halted(Exception):
    """The consumer must not go on: a record failed and its policy is STOP."""


class Stopping(Exception):
    """The process is ending; the batch was not applied and will be delivered again."""


class Unreadable(Exception):
    """A record that this release cannot read."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


class Applier:
    """Applies batches of one consumer."""

    def __init__(self, database: Database, consumer: Consumer, epochs: Epochs, stop: asyncio.Event) -> None:
        self._database = database
        self._consumer = consumer
        self._epochs = epochs
        self._stop = stop
        self._fresh = metrics.applied.labels(consumer.name, "fresh")
        self._duplicates = metrics.duplicates.labels(consumer.name)

    async def apply(self, entries: Sequence[Entry]) -> None:
        """Returns when every entry is applied, known, parked or a dead letter. Raises Halted or Stopping."""
        for number, entry in enumerate(entries):
            if self._must_not_pass(entry):
                if number:
                    await self._apply(entries[:number])
                await self._give_up(entry, _unreadable(entry))
                entries = entries[number + 1 :]
                return await self.apply(entries) if entries else None
        return await self._apply(entries)

    def _must_not_pass(self, entry: Entry) -> bool:
        """A state nobody can read may be a revocation: a consumer that stops on defects stops on it, too."""
        topic = TOPICS.get(entry.raw.topic)
        return (
            self._consumer.policy is Policy.STOP
            and isinstance(entry.content, Malformed | Unknown)
            and topic is not None
            and topic.kind == "state"
        )

    async def _apply(self, entries: Sequence[Entry]) -> None:
        failures = 0
        while True:
            if self._stop.is_set():
                raise Stopping
            try:
                await self._database.unit_of_work(lambda tx: self._unit(tx, entries))
            except TRANSIENT as error:
                await self._wait(failures, error)
                failures += 1
                if len(entries) > 1 and getattr(error, "is_too_slow", False):
                    await self._halve(entries)
                    break
            except Exception as error:  # noqa: BLE001 - any error of a handler is a verdict on a record
                await self._narrow(entries, error)
                break
            else:
                break
        await afailpoint("consume.after_commit")

    async def _unit(self, tx: Transaction, entries: Sequence[Entry], *, only_positions: bool = False) -> None:
        name = self._consumer.name
        if not only_positions:
            await self._handle(tx, entries)
            for entry in entries:
                match entry.content:
                    case Malformed(reason, detail):
                        await self._dead_letter(tx, entry, reason, detail, tries=1)
                    case ProgressMark() as mark:
                        await self._keep_mark(tx, entry, mark)
                    case Unknown():
                        metrics.applied.labels(name, "unknown_type").inc()
                    case Received():
                        pass
        reached: dict[tuple[str, int], int] = {}
        for entry in entries:
            reached[entry.place] = max(entry.raw.offset + 1, reached.get(entry.place, 0))
        await tx.execute(
            statements.POSITIONS,
            name,
            [topic for topic, _ in reached],
            [partition for _, partition in reached],
            list(reached.values()),
            [self._epochs.of_topic(topic) for topic, _ in reached],
        )
        if self._consumer.policy is Policy.STOP:
            for (topic, partition), offset in reached.items():
                await tx.execute(statements.SETTLE_PASSED, name, topic, partition, offset)
        await afailpoint("consume.before_commit")

    async def _handle(self, tx: Transaction, entries: Sequence[Entry]) -> None:
        """Give the handler what is new and not behind a failed event of its key."""
        name = self._consumer.name
        events: dict[object, tuple[Received, Entry]] = {}
        repeated = 0
        for entry in entries:
            if isinstance(entry.content, Received):
                repeated += entry.content.envelope.id in events
                events.setdefault(entry.content.envelope.id, (entry.content, entry))
        if not events:
            return
        rows = await tx.fetch(statements.INBOX, name, list(events))
        new = {row["event_id"] for row in rows}
        self._duplicates.inc(len(events) - len(new) + repeated)
        fresh = [pair for event_id, pair in events.items() if event_id in new]
        if fresh and self._consumer.policy is Policy.PARK:
            fresh = await self._park_followers(tx, fresh)
        if fresh:
            await self._consumer.handle(tx, [event for event, _ in fresh])
            tx.after_commit(lambda: self._fresh.inc(len(fresh)))
            if self._consumer.after_commit is not None:
                tx.after_commit(self._consumer.after_commit)

    async def _park_followers(
        self, tx: Transaction, fresh: list[tuple[Received, Entry]]
    ) -> list[tuple[Received, Entry]]:
        rows = await tx.fetch(statements.PARKED_KEYS, self._consumer.name)
        parked = {(row["topic"], row["key"]) for row in rows}
        if not parked:
            return fresh
        flowing: list[tuple[Received, Entry]] = []
        for event, entry in fresh:
            if (event.topic, event.envelope.key) in parked:
                await dead_letters.park(tx, self._consumer.name, event, entry)
                metrics.applied.labels(self._consumer.name, "parked").inc()
            else:
                flowing.append((event, entry))
        return flowing

    async def _keep_mark(self, tx: Transaction, entry: Entry, mark: ProgressMark) -> None:
        await store_mark(
            tx,
            self._consumer.name,
            entry.raw.topic,
            lane=mark.lane,
            lanes=mark.lanes,
            drained_at=mark.drained_at,
            log_epoch=mark.log_epoch,
            end_offsets_json=json.dumps(mark.end_offsets),
        )
        tx.after_commit(lambda: self._epochs.heard(entry.raw.topic, mark.log_epoch))

    async def _dead_letter(
        self,
        tx: Transaction,
        entry: Entry,
        reason: str,
        detail: str,
        *,
        tries: int,
        is_told: bool = True,
    ) -> str:
        is_blocking = self._must_not_pass(entry) or (
            self._consumer.policy is Policy.STOP and isinstance(entry.content, Received)
        )
        condition = await dead_letters.store(
            tx, self._consumer.name, entry, reason, detail,
            tries=tries, epoch=self._epochs.of_topic(entry.raw.topic), is_blocking=is_blocking,
        )  # fmt: skip
        if condition == "waiting" and is_told and self._consumer.on_dead_letter is not None:
            event = entry.content if isinstance(entry.content, Received) else None
            await self._consumer.on_dead_letter(tx, Lost(entry.raw.topic, entry.raw.key, event))
        tx.after_commit(lambda: self._report(entry, reason))
        return condition

    def _report(self, entry: Entry, reason: str) -> None:
        metrics.dead.labels(self._consumer.name, reason).inc()
        raw = entry.raw
        log(
            _log, logging.ERROR, "dead_letter",
            consumer=self._consumer.name, reason=reason,
            topic=raw.topic, partition=raw.partition, offset=raw.offset,
        )  # fmt: skip

    async def _narrow(self, entries: Sequence[Entry], error: Exception) -> None:
        """Find the record that fails by halving, so that at most that one is held back."""
        if len(entries) > 1:
            await self._halve(entries)
            return
        for attempt in range(1, TRIES):
            await self._pause(jittered(WAIT_FIRST_SECONDS * attempt))
            try:
                await self._database.unit_of_work(lambda tx: self._unit(tx, entries))
                return
            except TRANSIENT:
                await self._apply(entries)  # a database that is away is no verdict on the record
                return
            except Exception as again:  # noqa: BLE001 - the same
                error = again
        await self._give_up(entries[0], error)

    async def _halve(self, entries: Sequence[Entry]) -> None:
        middle = len(entries) // 2
        await self._apply(entries[:middle])
        await self._apply(entries[middle:])

    async def _give_up(self, entry: Entry, error: Exception) -> None:
        _log.error("record_failed", exc_info=error, extra={"fields": {"consumer": self._consumer.name}})
        failures, is_told = 0, True
        while True:
            try:
                bury = partial(self._bury, entry=entry, error=error, is_told=is_told)
                condition = await self._database.unit_of_work(bury)
                break
            except TRANSIENT as transient:
                await self._wait(failures, transient)
                failures += 1
            except Exception as again:
                if not is_told:
                    raise
                is_told = False  # whatever the consumer's own mark met, the record must not hold others up
                _log.error("mark_failed", exc_info=again, extra={"fields": {"consumer": self._consumer.name}})
        if self._consumer.policy is Policy.STOP and condition == "blocking":
            raise Halted(self._consumer.name)

    async def _bury(self, tx: Transaction, entry: Entry, error: Exception, is_told: bool) -> str:
        """The dead letter and what its policy says, in the transaction that moves on (or does not)."""
        if isinstance(error, Unreadable):
            reason, detail, tries = error.reason, error.detail, 1
        else:
            reason, detail, tries = type(error).__name__, _where(error), TRIES
        condition = await self._dead_letter(tx, entry, reason, detail, tries=tries, is_told=is_told)
        if condition == "blocking":
            return condition
        if isinstance(entry.content, Received):
            await tx.fetch(statements.INBOX, self._consumer.name, [entry.content.envelope.id])
            if self._consumer.policy is Policy.PARK and condition == "waiting":
                await dead_letters.park(tx, self._consumer.name, entry.content, entry)
        await self._unit(tx, [entry], only_positions=True)
        return condition

    async def _wait(self, failures: int, error: Exception) -> None:
        name = type(error).__name__
        metrics.retries.labels(self._consumer.name, name).inc()
        seconds = backoff(failures + 1, WAIT_FIRST_SECONDS, WAIT_MOST_SECONDS)
        log(_log, logging.WARNING, "consumer_waits", consumer=self._consumer.name, error=name)
        await self._pause(seconds)

    async def _pause(self, seconds: float) -> None:
        if await pause(self._stop, seconds):
            raise Stopping


def _unreadable(entry: Entry) -> Unreadable:
    match entry.content:
        case Malformed(reason, detail):
            return Unreadable(reason, detail)
        case Unknown(kind):
            return Unreadable("unknown_type", kind)
        case _:
            raise TypeError(type(entry.content).__name__)


def _where(error: Exception) -> str:
    """SQLSTATE and the place in the code; never the message, which may quote data."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return " ".join(filter(None, (str(getattr(error, "sqlstate", "") or ""), place)))
