"""Every waiting state has a deadline row, every deadline an effect, and an effect happens once.

A worker leases due rows in a transaction of its own and runs the effect as an ordinary command; the command
calls `fire` in its own transaction, which settles the row and says whether it was still current. The
database's clock decides; a worker that dies leaves a lease that ends after 60 s. A clock stands still while
nobody could be reached, at most for one further period.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from prometheus_client import Counter, Gauge, Histogram

from imece_chassis.backoff import backoff, jittered, pause
from imece_chassis.database import Database, DatabaseUnavailable, OutcomeUnknown, Transaction
from imece_chassis.failpoints import afailpoint
from imece_chassis.telemetry.logs import log

LEASE_SECONDS = 60
BATCH = 256
PARALLEL_EFFECTS = 16
IDLE_SECONDS = 0.5  # a deadline fires at most this late; deadlines are minutes or hours away
RETRY_SECONDS = 5.0  # a failed effect comes back after this, doubled each time up to the lease
KEEP_SETTLED_DAYS = 30

_SCHEDULE = """
INSERT INTO deadlines (deadline_id, subject_type, subject_id, kind, due_at)
SELECT deadline_id, subject_type, subject_id, kind, due_at
FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::timestamptz[])
     AS deadline (deadline_id, subject_type, subject_id, kind, due_at)
"""
_OR_KEEP = """ORDER BY subject_type, subject_id, kind
ON CONFLICT (subject_type, subject_id, kind) WHERE state = 'pending'
"""
_SCHEDULE_ONCE = _SCHEDULE + _OR_KEEP + "DO NOTHING"
_SCHEDULE_ANEW = _SCHEDULE + _OR_KEEP + "DO UPDATE SET due_at = least(deadlines.due_at, excluded.due_at)"
_HOLD = "SELECT 1 FROM deadlines WHERE deadline_id = $1 FOR UPDATE"
_CANCEL = """
UPDATE deadlines SET state = 'cancelled', settled_at = now()
WHERE deadline_id = ANY($1::uuid[]) AND state = 'pending'
"""
_FIRE = """
UPDATE deadlines SET state = 'fired', settled_at = now()
WHERE deadline_id = $1 AND state = 'pending' AND paused_since IS NULL AND due_at <= clock_timestamp()
"""
_FIRE_MANY = """
UPDATE deadlines SET state = 'fired', settled_at = now()
WHERE deadline_id = ANY($1::uuid[]) AND state = 'pending' AND paused_since IS NULL
  AND due_at <= clock_timestamp()
RETURNING deadline_id
"""
_STAND_STILL = """
UPDATE deadlines
SET paused_since = $2, pause_granted = granted, due_at = due_at + granted
FROM (SELECT deadline_id AS id, greatest(interval '0', least($3 - paused_total, $4 - due_at)) AS granted
      FROM deadlines WHERE deadline_id = $1 AND state = 'pending' AND paused_since IS NULL
      FOR UPDATE) AS clock
WHERE deadline_id = clock.id
"""
_RUN_ON = """
UPDATE deadlines
SET paused_since = NULL, pause_granted = NULL, paused_total = paused_total + stood,
    due_at = due_at - (pause_granted - stood)
FROM (SELECT deadline_id AS id, least(pause_granted, greatest(interval '0', $2 - paused_since)) AS stood
      FROM deadlines WHERE deadline_id = $1 AND state = 'pending' AND paused_since IS NOT NULL
      FOR UPDATE) AS clock
WHERE deadline_id = clock.id
"""
_HAND_OVER = """
UPDATE deadlines SET due_at = clock_timestamp() + $2, lease_until = NULL, attempts = 0
WHERE deadline_id = $1 AND state = 'pending' AND paused_since IS NOT NULL AND due_at <= clock_timestamp()
"""
_CLAIM = """
WITH due AS (
    SELECT deadline_id FROM deadlines
    WHERE state = 'pending' AND due_at <= now() AND (lease_until IS NULL OR lease_until <= now())
      AND kind = ANY($1::text[])
    ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
)
UPDATE deadlines d SET lease_until = now() + $3 * interval '1 second', attempts = d.attempts + 1
FROM due WHERE d.deadline_id = due.deadline_id
RETURNING d.deadline_id, d.subject_type, d.subject_id, d.kind, d.due_at, d.attempts
"""
_RELEASE = "UPDATE deadlines SET lease_until = now() + $2 * interval '1 second' WHERE deadline_id = $1"
_OLDEST = """
SELECT coalesce(extract(epoch FROM now() - min(due_at)), 0)::float8 FROM deadlines
WHERE state = 'pending' AND due_at <= now() AND kind = ANY($1::text[])
"""
_FORGET = """
DELETE FROM deadlines WHERE deadline_id IN (
    SELECT deadline_id FROM deadlines
    WHERE state <> 'pending' AND settled_at < now() - $1 * interval '1 day' LIMIT 5000)
"""

_log = logging.getLogger(__name__)
_fired = Counter("deadlines_total", "Deadlines by kind and outcome of their effect", ["kind", "outcome"])
_late = Histogram(
    "deadline_lateness_seconds", "From due to claimed", buckets=(0.1, 0.5, 1, 2, 5, 15, 60, 300, 1800)
)
_overdue = Gauge(
    "deadlines_oldest_due_seconds", "Age of the oldest due deadline the worker should have fired", ["worker"]
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """`kind` selects the effect; one pending deadline per (subject_type, subject_id, kind)."""

    deadline_id: UUID
    subject_type: str
    subject_id: UUID
    kind: str
    due_at: datetime


async def schedule(tx: Transaction, *deadlines: Deadline) -> None:
    """Store deadlines in one statement, inside the transaction that makes them necessary."""
    if deadlines:
        rows = [(d.deadline_id, d.subject_type, d.subject_id, d.kind, d.due_at) for d in deadlines]
        await tx.execute(_SCHEDULE, *(list(column) for column in zip(*rows, strict=True)))


async def schedule_once(tx: Transaction, *deadlines: Deadline) -> None:
    """The same, but a subject that already has a pending deadline of the kind keeps that one."""
    if deadlines:
        rows = [(d.deadline_id, d.subject_type, d.subject_id, d.kind, d.due_at) for d in deadlines]
        await tx.execute(_SCHEDULE_ONCE, *(list(column) for column in zip(*rows, strict=True)))


async def schedule_anew(tx: Transaction, *deadlines: Deadline) -> None:
    """The same, but a deadline that is about to fire does not swallow this one.

    A pending one comes due at the earlier of both times and stays locked until this transaction ends, so an
    effect that settles or holds its deadline before it looks at the subject sees what was done here.
    """
    if deadlines:
        rows = [(d.deadline_id, d.subject_type, d.subject_id, d.kind, d.due_at) for d in deadlines]
        await tx.execute(_SCHEDULE_ANEW, *(list(column) for column in zip(*rows, strict=True)))


async def hold(tx: Transaction, deadline_id: UUID) -> None:
    """Let nobody schedule it anew until this transaction ends: for an effect that looks before it fires."""
    await tx.execute(_HOLD, deadline_id)


async def cancel(tx: Transaction, *deadline_ids: UUID) -> None:
    """Settle deadlines that lost their reason; unknown or settled ones are ignored."""
    if deadline_ids:
        await tx.execute(_CANCEL, list(deadline_ids))


async def fire(tx: Transaction, deadline_id: UUID) -> bool:
    """Settle a due deadline inside the effect's own transaction. False: no longer current, do nothing."""
    return await tx.execute(_FIRE, deadline_id) == "UPDATE 1"


async def fire_many(tx: Transaction, deadline_ids: Sequence[UUID]) -> set[UUID]:
    """The same for many: returns those that were current. One statement, for effects handled in batches."""
    rows = await tx.fetch(_FIRE_MANY, list(deadline_ids))
    return {row["deadline_id"] for row in rows}


async def stand_still(
    tx: Transaction, deadline_id: UUID, since: datetime, at_most: timedelta, not_after: datetime | None = None
) -> bool:
    """Stop a clock because nobody was reached: its pauses last `at_most` together, none passes `not_after`.

    It comes due when that is used up, and then only `hand_over` acts. False: not pending, or stopped already.
    """
    return await tx.execute(_STAND_STILL, deadline_id, since, at_most, not_after) == "UPDATE 1"


async def run_on(tx: Transaction, deadline_id: UUID, at: datetime) -> bool:
    """Let a stopped clock run on, later by the time it stood. False: it was not stopped."""
    return await tx.execute(_RUN_ON, deadline_id, at) == "UPDATE 1"


async def give_back(tx: Transaction, deadline_id: UUID) -> None:
    """End the lease of a deadline whose effect has more to do: any worker may go on at once."""
    await tx.execute(_RELEASE, deadline_id, 0.0)


async def hand_over(tx: Transaction, deadline_id: UUID, again_in: timedelta) -> bool:
    """Whether a stopped clock used up its pause: somebody else must act, and is reminded after `again_in`."""
    return await tx.execute(_HAND_OVER, deadline_id, again_in) == "UPDATE 1"


class DeadlineWorker:
    """Runs the effects of due deadlines; any number of workers may run.

    `effects` maps a kind to a command that must call `fire` first; `batch_effects` maps a kind to a command
    that takes many deadlines at once (and calls `fire_many`), for kinds that come in thousands. A batch is
    waited for as a whole: kinds whose effects are long have a worker of their own, with a name of its own.
    """

    def __init__(
        self,
        database: Database,
        effects: Mapping[str, Callable[[Deadline], Awaitable[None]]],
        *,
        batch_effects: Mapping[str, Callable[[Sequence[Deadline]], Awaitable[None]]] | None = None,
        parallel: int = PARALLEL_EFFECTS,
        name: str = "timers",
    ) -> None:
        self.name = name
        self._database = database
        self._effects = effects
        self._batch_effects = batch_effects or {}
        self._kinds = sorted({*effects, *self._batch_effects})
        self._slots = asyncio.Semaphore(parallel)
        self._next_sweep = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Claim and fire until `stop`; a database that is away is waited for."""
        while not stop.is_set():
            try:
                claimed = await self.run_once()
                await self._sweep()
            except (DatabaseUnavailable, OutcomeUnknown) as error:
                log(_log, logging.WARNING, "deadlines_wait_for_database", error=type(error).__name__)
                claimed = 0
            if claimed < BATCH:
                await pause(stop, jittered(IDLE_SECONDS))

    async def run_once(self) -> int:
        """Claim one batch of due deadlines and run their effects; returns how many were claimed."""
        rows = await self._database.unit_of_work(
            lambda tx: tx.fetch(_CLAIM, self._kinds, BATCH, LEASE_SECONDS)
        )
        if not rows:
            return 0
        await afailpoint("timer.after_claim")
        single: list[Awaitable[None]] = []
        grouped: dict[str, list[tuple[Deadline, int]]] = {}
        now = time.time()
        for row in rows:
            deadline = Deadline(
                row["deadline_id"], row["subject_type"], row["subject_id"], row["kind"], row["due_at"]
            )
            _late.observe(max(0.0, now - deadline.due_at.timestamp()))
            if deadline.kind in self._batch_effects:
                grouped.setdefault(deadline.kind, []).append((deadline, row["attempts"]))
            else:
                single.append(self._run_effect(deadline, row["attempts"]))
        single += [self._run_batch(kind, members) for kind, members in grouped.items()]
        await asyncio.gather(*single)
        return len(rows)

    async def _run_effect(self, deadline: Deadline, attempts: int) -> None:
        async with self._slots:
            try:
                await self._effects[deadline.kind](deadline)
                _fired.labels(deadline.kind, "done").inc()
            except Exception as error:  # noqa: BLE001 - it stays due and comes back
                await self._come_back(deadline, attempts, error)

    async def _run_batch(self, kind: str, members: list[tuple[Deadline, int]]) -> None:
        async with self._slots:
            await self._together_or_alone(kind, members)

    async def _together_or_alone(self, kind: str, members: list[tuple[Deadline, int]]) -> None:
        """All at once; if that fails each alone, so that one cannot keep the others waiting."""
        try:
            await self._batch_effects[kind]([deadline for deadline, _ in members])
            _fired.labels(kind, "done").inc(len(members))
        except Exception as error:  # noqa: BLE001 - what fails alone stays due and comes back
            if len(members) == 1:
                await self._come_back(*members[0], error)
                return
            for member in members:
                await self._together_or_alone(kind, [member])

    async def _come_back(self, deadline: Deadline, attempts: int, error: Exception) -> None:
        """Shorten the lease so that a failed effect is tried again soon; never give up."""
        _fired.labels(deadline.kind, "failed").inc()
        facts = {"deadline_id": str(deadline.deadline_id), "kind": deadline.kind, "attempts": attempts}
        _log.error("deadline_effect_failed", exc_info=error, extra={"fields": facts})
        wait = backoff(attempts, RETRY_SECONDS, LEASE_SECONDS)
        try:
            await self._database.unit_of_work(lambda tx: tx.execute(_RELEASE, deadline.deadline_id, wait))
        except (DatabaseUnavailable, OutcomeUnknown):
            return  # the lease ends by itself

    async def _sweep(self) -> None:
        if time.monotonic() < self._next_sweep:
            return
        self._next_sweep = time.monotonic() + 10.0

        async def work(tx: Transaction) -> float:
            await tx.execute(_FORGET, KEEP_SETTLED_DAYS)
            return await tx.fetchval(_OLDEST, self._kinds)

        _overdue.labels(self.name).set(await self._database.unit_of_work(work))
