"""Whatever happens to callers and connections, units of work are whole and the pool heals."""

import asyncio
import random
from collections.abc import Callable

import asyncpg
import pytest

from imece_chassis import failpoints
from imece_chassis.database import (
    Database,
    DatabaseUnavailable,
    OutcomeUnknown,
    Restart,
    Transaction,
    TransactionAborted,
)
from tests.platform.postgres import TestPostgres
from tests.waiting import wait_until

PAIRS = "CREATE TABLE pairs (id bigint NOT NULL, half int NOT NULL, PRIMARY KEY (id, half))"


async def test_work_that_raises_leaves_nothing_and_its_error_arrives(chassis_db: Database) -> None:
    await _table(chassis_db)

    async def work(tx: Transaction) -> None:
        await _half(tx, 1, 1)
        raise LookupError("changed my mind")

    with pytest.raises(LookupError):
        await chassis_db.unit_of_work(work)
    assert await _ids(chassis_db) == []


async def test_callbacks_run_after_a_certain_commit_only(chassis_db: Database) -> None:
    await _table(chassis_db)
    called: list[str] = []

    def unit(name: str, number: int):
        async def work(tx: Transaction) -> None:
            await _half(tx, number, 1)
            tx.after_commit(lambda: called.append(name))

        return work

    await chassis_db.unit_of_work(unit("committed", 1))
    with pytest.raises(asyncpg.UniqueViolationError):
        await chassis_db.unit_of_work(unit("refused", 1))
    with failpoints.armed("cmd.commit_unknown:drop_ack"), pytest.raises(OutcomeUnknown):
        await chassis_db.unit_of_work(unit("unknown", 2))
    assert called == ["committed"]
    assert await _ids(chassis_db) == [1, 2]


async def test_a_callback_that_fails_does_not_undo_the_answer(chassis_db: Database) -> None:
    def broken() -> None:
        raise ValueError

    async def work(tx: Transaction) -> str:
        tx.after_commit(broken)
        return "answer"

    assert await chassis_db.unit_of_work(work) == "answer"


async def test_an_error_before_commit_changes_nothing_and_the_connection_stays(chassis_db: Database) -> None:
    await _table(chassis_db)
    with failpoints.armed("cmd.before_commit:error"), pytest.raises(failpoints.FailpointError):
        await chassis_db.unit_of_work(lambda tx: _half(tx, 1, 1))
    assert await _ids(chassis_db) == []


async def test_an_error_after_commit_leaves_the_effect(chassis_db: Database) -> None:
    await _table(chassis_db)
    with failpoints.armed("cmd.after_commit:error"), pytest.raises(failpoints.FailpointError):
        await chassis_db.unit_of_work(lambda tx: _half(tx, 1, 1))
    assert await _ids(chassis_db) == [1]


async def test_a_backend_killed_inside_a_unit_means_unavailable_and_the_next_unit_works(
    chassis_db: Database, postgres: TestPostgres
) -> None:
    await _table(chassis_db)

    async def work(tx: Transaction) -> None:
        await _half(tx, 1, 1)
        pid = await tx.fetchval("SELECT pg_backend_pid()")
        killer = await chassis_db.dedicated()
        await killer.execute("SELECT pg_terminate_backend($1)", pid)
        await killer.close()
        await _half(tx, 1, 2)

    with pytest.raises(DatabaseUnavailable):
        await chassis_db.unit_of_work(work)
    await chassis_db.unit_of_work(lambda tx: _half(tx, 2, 1))
    assert await _ids(chassis_db) == [2]


async def test_a_mistake_in_a_statement_is_not_an_outage(chassis_db: Database) -> None:
    await _table(chassis_db)
    with pytest.raises(asyncpg.DataError):
        await chassis_db.unit_of_work(lambda tx: tx.execute("INSERT INTO pairs VALUES ($1, 1)", "text"))
    with pytest.raises(asyncpg.InterfaceError, match="expects"):
        await chassis_db.unit_of_work(lambda tx: tx.execute("INSERT INTO pairs VALUES ($1, $2)", 1))
    with pytest.raises(asyncpg.UndefinedTableError):
        await chassis_db.unit_of_work(lambda tx: tx.execute("INSERT INTO nowhere VALUES (1)"))


async def test_going_on_after_a_database_error_is_refused_instead_of_silently_lost(
    chassis_db: Database,
) -> None:
    await _table(chassis_db)

    async def work(tx: Transaction) -> None:
        try:
            await tx.execute("SELECT 1 / 0")
        except asyncpg.DivisionByZeroError:
            return

    with pytest.raises(TransactionAborted):
        await chassis_db.unit_of_work(work)


async def test_serialisation_conflicts_run_the_work_again(chassis_db: Database) -> None:
    attempts = 0

    async def work(tx: Transaction) -> int:
        nonlocal attempts
        attempts += 1
        if attempts < 2:
            raise asyncpg.SerializationError("again")
        if attempts < 3:
            raise Restart
        return attempts

    assert await chassis_db.unit_of_work(work) == 3

    async def never(tx: Transaction) -> None:
        raise asyncpg.DeadlockDetectedError("again")

    with pytest.raises(DatabaseUnavailable):
        await chassis_db.unit_of_work(never)


async def test_a_slow_statement_a_lock_and_a_full_pool_all_mean_unavailable(
    database: Callable[[str], str],
) -> None:
    db = await Database.connect(
        database("chassis"), application="t", min_size=1, max_size=2, statement_timeout_ms=1900
    )
    try:
        await _table(db)
        await db.unit_of_work(lambda tx: _half(tx, 1, 1))
        with pytest.raises(DatabaseUnavailable):
            await db.unit_of_work(lambda tx: tx.execute("SELECT pg_sleep(5)"))
        holder = await db.dedicated()
        async with holder.transaction():
            await holder.execute("LOCK TABLE pairs")
            with pytest.raises(DatabaseUnavailable):
                await db.unit_of_work(lambda tx: _half(tx, 2, 1))
        await holder.close()
        busy = [
            asyncio.create_task(db.unit_of_work(lambda tx: tx.execute("SELECT pg_sleep(1.2)"))) for _ in "ab"
        ]
        await wait_until(lambda: _busy(db, 2))
        with pytest.raises(DatabaseUnavailable):
            await db.unit_of_work(lambda tx: _half(tx, 3, 1))
        await asyncio.gather(*busy)
    finally:
        await db.close()


async def test_a_transaction_cannot_be_used_after_its_unit(chassis_db: Database) -> None:
    kept: list[Transaction] = []

    async def work(tx: Transaction) -> None:
        kept.append(tx)

    await chassis_db.unit_of_work(work)
    with pytest.raises(RuntimeError, match="ended"):
        await kept[0].fetchval("SELECT 1")


async def test_a_snapshot_sees_one_moment_and_cannot_write(chassis_db: Database) -> None:
    await _table(chassis_db)

    async def work(tx: Transaction) -> list[int]:
        before = await tx.fetchval("SELECT count(*) FROM pairs")
        await chassis_db.unit_of_work(lambda other: _half(other, 1, 1))
        return [before, await tx.fetchval("SELECT count(*) FROM pairs")]

    assert await chassis_db.snapshot(work) == [0, 0]
    with pytest.raises(DatabaseUnavailable):
        await chassis_db.snapshot(lambda tx: _half(tx, 2, 1))


@pytest.mark.timeout(60)
async def test_a_storm_of_cancelled_callers_and_killed_backends_leaves_whole_units_and_a_healthy_pool(
    database: Callable[[str], str],
) -> None:
    db = await Database.connect(database("chassis"), application="storm", min_size=2, max_size=8)
    await _table(db)
    chance = random.Random(7)
    acknowledged: list[int] = []

    async def unit(number: int) -> None:
        async def work(tx: Transaction) -> None:
            await _half(tx, number, 1)
            await tx.execute("SELECT pg_sleep($1)", chance.random() * 0.002)
            await _half(tx, number, 2)

        try:
            await db.unit_of_work(work)
        except (DatabaseUnavailable, OutcomeUnknown):
            return
        acknowledged.append(number)

    async def client(first: int) -> None:
        for number in range(first, first + 120):
            task = asyncio.create_task(unit(number))
            if chance.random() < 0.7:
                await asyncio.wait({task}, timeout=chance.random() * 0.004)
                task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def killer() -> None:
        session = await db.dedicated()
        try:
            while not ended.is_set():
                await session.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE application_name = 'storm' AND state <> 'idle' AND pid <> pg_backend_pid() "
                    "AND datname = current_database() LIMIT 1"
                )
                await asyncio.wait({waiting}, timeout=0.03)
        finally:
            session.terminate()

    ended = asyncio.Event()
    waiting = asyncio.create_task(ended.wait())
    killing = asyncio.create_task(killer())
    try:
        await asyncio.gather(*(client(1000 * n) for n in range(12)))
    finally:
        ended.set()
        await killing
    await wait_until(lambda: not db.running_units, message="every unit has ended")
    halves = await db.unit_of_work(
        lambda tx: tx.fetch("SELECT id, count(*) AS halves FROM pairs GROUP BY id")
    )
    assert [row["id"] for row in halves if row["halves"] != 2] == []
    assert set(acknowledged) <= {row["id"] for row in halves}
    assert len(acknowledged) > 100
    await asyncio.gather(*(db.unit_of_work(lambda tx: tx.execute("SELECT 1")) for _ in range(50)))
    assert await _backends(db) <= 9
    await db.close()


async def test_a_vanished_caller_does_not_stop_its_unit(chassis_db: Database) -> None:
    await _table(chassis_db)
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def work(tx: Transaction) -> None:
        await _half(tx, 1, 1)
        inside.set()
        await go_on.wait()
        await _half(tx, 1, 2)

    caller = asyncio.create_task(chassis_db.unit_of_work(work))
    await inside.wait()
    caller.cancel()
    await asyncio.gather(caller, return_exceptions=True)
    assert await _ids(chassis_db) == []
    go_on.set()
    await wait_until(lambda: _has_ids(chassis_db, [1, 1]))


async def test_closing_waits_for_running_units(database: Callable[[str], str]) -> None:
    url = database("chassis")
    db = await Database.connect(url, application="t")
    await _table(db)
    inside = asyncio.Event()

    async def work(tx: Transaction) -> None:
        inside.set()
        await tx.execute("SELECT pg_sleep(0.3)")
        await _half(tx, 1, 1)

    unit = asyncio.create_task(db.unit_of_work(work))
    await inside.wait()
    await db.close()
    await unit
    with pytest.raises(DatabaseUnavailable):
        await db.unit_of_work(lambda tx: _half(tx, 2, 1))
    again = await Database.connect(url, application="t")
    assert await _ids(again) == [1]
    await again.close()


async def test_many_wakes_within_a_moment_become_few_notifications(chassis_db: Database) -> None:
    heard: list[str] = []
    listener = await chassis_db.dedicated()
    await listener.add_listener("bell", lambda *arguments: heard.append(arguments[2]))

    async def work(tx: Transaction) -> None:
        tx.wake_after_commit("bell")

    await asyncio.gather(*(chassis_db.unit_of_work(work) for _ in range(60)))
    await wait_until(lambda: heard)
    assert len(heard) <= 30
    await listener.close()


async def _table(db: Database) -> None:
    await db.unit_of_work(lambda tx: tx.execute(PAIRS))


async def _half(tx: Transaction, number: int, half: int) -> None:
    await tx.execute("INSERT INTO pairs (id, half) VALUES ($1, $2)", number, half)


async def _ids(db: Database) -> list[int]:
    rows = await db.unit_of_work(lambda tx: tx.fetch("SELECT id FROM pairs ORDER BY id, half"))
    return [row["id"] for row in rows]


async def _has_ids(db: Database, expected: list[int]) -> bool:
    return await _ids(db) == expected


async def _busy(db: Database, expected: int) -> bool:
    session = await db.dedicated()
    try:
        return expected == await session.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active' "
            "AND datname = current_database()"
        )
    finally:
        await session.close()


async def _backends(db: Database) -> int:
    return await db.unit_of_work(
        lambda tx: tx.fetchval("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
    )
