"""A deadline fires once, at its time, whatever happens to the worker."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
from prometheus_client import REGISTRY

from imece_chassis import failpoints
from imece_chassis.database import Database, Transaction
from imece_chassis.deadlines import (
    Deadline,
    DeadlineWorker,
    cancel,
    fire,
    fire_many,
    hold,
    schedule,
    schedule_anew,
)
from imece_chassis.ids import uuid7
from tests.messaging import deadline_process
from tests.messaging.consuming import running
from tests.waiting import wait_until

EFFECTS = "CREATE TABLE effects (deadline_id uuid NOT NULL)"


def due(seconds_ago: float = 1, kind: str = "expire") -> Deadline:
    return Deadline(uuid7(), "thing", uuid7(), kind, datetime.now(UTC) - timedelta(seconds=seconds_ago))


def effect_in(database: Database):
    async def effect(deadline: Deadline) -> None:
        async def work(tx: Transaction) -> None:
            if await fire(tx, deadline.deadline_id):
                await tx.execute("INSERT INTO effects VALUES ($1)", deadline.deadline_id)

        await database.unit_of_work(work)

    return effect


async def test_due_deadlines_fire_and_others_wait(chassis_db: Database) -> None:
    now, later, cancelled = due(), due(-3600), due()
    await _prepare(chassis_db, now, later, cancelled)
    await chassis_db.unit_of_work(lambda tx: cancel(tx, cancelled.deadline_id))
    async with running(DeadlineWorker(chassis_db, {"expire": effect_in(chassis_db)})):
        await wait_until(lambda: _fired(chassis_db, [now]))
    assert await chassis_db.unit_of_work(lambda tx: fire(tx, later.deadline_id)) is False
    assert await chassis_db.unit_of_work(lambda tx: fire(tx, now.deadline_id)) is False


async def test_many_workers_fire_each_deadline_once(chassis_db: Database) -> None:
    deadlines = [due() for _ in range(300)]
    await _prepare(chassis_db, *deadlines)
    workers = [DeadlineWorker(chassis_db, {"expire": effect_in(chassis_db)}, parallel=4) for _ in range(3)]
    async with running(workers[0]), running(workers[1]), running(workers[2]):
        await wait_until(lambda: _fired(chassis_db, deadlines), timeout=30)


async def test_a_worker_killed_between_claim_and_effect_leaves_a_lease_and_another_fires_once(
    database: Callable[[str], str],
) -> None:
    url = database("chassis")
    db = await Database.connect(url, application="t")
    deadline = due()
    await _prepare(db, deadline)
    killed = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, str(Path(deadline_process.__file__)), url],
        env={"FP": "timer.after_claim:crash"},
        check=False,
    )
    assert killed.returncode == failpoints.CRASH_STATUS == -signal.SIGKILL
    worker = DeadlineWorker(db, {"expire": effect_in(db)})
    assert await worker.run_once() == 0  # leased
    await db.unit_of_work(lambda tx: tx.execute("UPDATE deadlines SET lease_until = now()"))
    assert await worker.run_once() == 1
    assert await worker.run_once() == 0
    await _fired(db, [deadline])
    await db.close()


async def test_a_failed_effect_comes_back_and_a_batch_effect_takes_many_at_once(chassis_db: Database) -> None:
    sizes: list[int] = []
    deadlines = [due(kind="many") for _ in range(200)]
    await _prepare(chassis_db, *deadlines, failing := due())
    attempts = 0

    async def fails_first(deadline: Deadline) -> None:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            raise ValueError("not yet")
        await effect_in(chassis_db)(deadline)

    async def many(batch: Sequence[Deadline]) -> None:
        sizes.append(len(batch))

        async def work(tx: Transaction) -> None:
            current = await fire_many(tx, [deadline.deadline_id for deadline in batch])
            await tx.executemany("INSERT INTO effects VALUES ($1)", [(one,) for one in current])

        await chassis_db.unit_of_work(work)

    worker = DeadlineWorker(chassis_db, {"expire": fails_first}, batch_effects={"many": many})
    assert await worker.run_once() == 201
    await chassis_db.unit_of_work(lambda tx: tx.execute("UPDATE deadlines SET lease_until = now()"))
    assert await worker.run_once() == 1
    assert sizes == [200]
    assert await _fired(chassis_db, [*deadlines, failing])


async def test_one_deadline_that_fails_in_a_batch_keeps_no_other_waiting(chassis_db: Database) -> None:
    good, bad = [due(kind="many") for _ in range(9)], due(kind="many")
    await _prepare(chassis_db, *good, bad)

    async def many(batch: Sequence[Deadline]) -> None:
        async def work(tx: Transaction) -> None:
            current = await fire_many(tx, [deadline.deadline_id for deadline in batch])
            await tx.executemany("INSERT INTO effects VALUES ($1)", [(one,) for one in current])
            if bad in batch:
                raise ValueError("this one cannot")

        await chassis_db.unit_of_work(work)

    worker = DeadlineWorker(chassis_db, {}, batch_effects={"many": many})
    assert await worker.run_once() == 10
    assert await _fired(chassis_db, good)
    await chassis_db.unit_of_work(lambda tx: tx.execute("UPDATE deadlines SET lease_until = now()"))
    assert await worker.run_once() == 1  # it stays due


async def test_the_oldest_due_deadline_is_told_of_each_worker_alone(chassis_db: Database) -> None:
    """One of a kind that no release in service knows waits without ringing for the others."""

    async def never_fires(_: Deadline) -> None:
        """It stays due."""

    await _prepare(chassis_db, due(100), due(5000, kind="of another release"))
    for name, kind, oldest in (("late", "expire", 100), ("idle", "remind", 0)):

        def told(name: str = name) -> float | None:
            return REGISTRY.get_sample_value("deadlines_oldest_due_seconds", {"worker": name})

        async def is_told(told: Callable[[], float | None] = told) -> bool:
            return told() is not None

        async with running(DeadlineWorker(chassis_db, {kind: never_fires}, name=name)):
            await wait_until(is_told)
        seconds = told()
        assert seconds is not None and oldest <= seconds < oldest + 60


async def test_a_subject_has_one_pending_deadline_of_a_kind(chassis_db: Database) -> None:
    first = due(-60)
    second = Deadline(uuid7(), first.subject_type, first.subject_id, first.kind, first.due_at)
    await _prepare(chassis_db, first)
    with pytest.raises(asyncpg.UniqueViolationError):
        await chassis_db.unit_of_work(lambda tx: schedule(tx, second))
    await chassis_db.unit_of_work(lambda tx: _replace(tx, first, second))


async def _replace(tx: Transaction, old: Deadline, new: Deadline) -> None:
    await cancel(tx, old.deadline_id)
    await schedule(tx, new)


async def _prepare(database: Database, *deadlines: Deadline) -> None:
    await database.unit_of_work(lambda tx: tx.execute(EFFECTS))
    await database.unit_of_work(lambda tx: schedule(tx, *deadlines))


async def _fired(database: Database, expected: Sequence[Deadline]) -> bool:
    rows = await database.unit_of_work(lambda tx: tx.fetch("SELECT deadline_id FROM effects"))
    assert len(rows) == len({row["deadline_id"] for row in rows})
    assert {row["deadline_id"] for row in rows} == {deadline.deadline_id for deadline in expected}
    return True


async def test_what_is_scheduled_anew_is_kept_by_who_fires_later_and_follows_who_fired_before(
    chassis_db: Database,
) -> None:
    """One deadline per subject and kind; the earlier of both times counts, and a fired one is followed."""
    late = due(-3600)
    await _prepare(chassis_db, late)
    early = replace(late, deadline_id=uuid7(), due_at=datetime.now(UTC) - timedelta(seconds=1))
    await chassis_db.unit_of_work(lambda tx: schedule_anew(tx, early))
    assert await chassis_db.unit_of_work(lambda tx: fire(tx, early.deadline_id)) is False

    async def fire_held(tx: Transaction) -> bool:
        await hold(tx, late.deadline_id)
        return await fire(tx, late.deadline_id)

    assert await chassis_db.unit_of_work(fire_held) is True
    await chassis_db.unit_of_work(lambda tx: schedule_anew(tx, early))
    assert await chassis_db.unit_of_work(lambda tx: fire(tx, early.deadline_id)) is True
