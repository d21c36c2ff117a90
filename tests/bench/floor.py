"""The yardsticks: what this machine commits of the barest transactions, through our driver.

Three inserts into three tables for commands that add; one row locked and updated for commands that compete.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from uuid import uuid4

import asyncpg

TABLES = """
CREATE TABLE IF NOT EXISTS bench_a (id uuid PRIMARY KEY, body text, at timestamptz DEFAULT now());
CREATE TABLE IF NOT EXISTS bench_b (id uuid PRIMARY KEY, body text, at timestamptz DEFAULT now());
CREATE TABLE IF NOT EXISTS bench_c (id uuid PRIMARY KEY, body text, at timestamptz DEFAULT now());
CREATE TABLE IF NOT EXISTS bench_hot (id int PRIMARY KEY, held bigint NOT NULL) WITH (fillfactor = 40);
INSERT INTO bench_hot VALUES (1, 0) ON CONFLICT DO NOTHING;
"""
BODY = "x" * 200

Work = Callable[["asyncpg.Connection"], Awaitable[None]]


async def three_inserts_per_second(url: str, *, connections: int, seconds: float) -> float:
    """Committed transactions per second with `connections` connections, each in a closed loop."""

    async def three_inserts(connection: "asyncpg.Connection") -> None:
        row = uuid4()
        await connection.execute("INSERT INTO bench_a (id, body) VALUES ($1, $2)", row, BODY)
        await connection.execute("INSERT INTO bench_b (id, body) VALUES ($1, $2)", row, BODY)
        await connection.execute("INSERT INTO bench_c (id, body) VALUES ($1, $2)", row, BODY)

    return await _per_second(url, three_inserts, connections, seconds)


async def one_row_updates_per_second(url: str, *, connections: int, seconds: float) -> float:
    """The same where all of them lock one and the same row, look at it and update it."""

    async def update(connection: "asyncpg.Connection") -> None:
        held = await connection.fetchval("SELECT held FROM bench_hot WHERE id = 1 FOR UPDATE")
        await connection.execute("UPDATE bench_hot SET held = $1 WHERE id = 1", held + 1)

    return await _per_second(url, update, connections, seconds)


async def _per_second(url: str, work: Work, connections: int, seconds: float) -> float:
    opened = [await asyncpg.connect(url) for _ in range(connections)]
    await opened[0].execute(TABLES)
    deadline = time.perf_counter() + seconds
    done = 0

    async def loop(connection: "asyncpg.Connection") -> None:
        nonlocal done
        while time.perf_counter() < deadline:
            async with connection.transaction():
                await work(connection)
            done += 1

    started = time.perf_counter()
    await asyncio.gather(*(loop(connection) for connection in opened))
    rate = done / (time.perf_counter() - started)
    for connection in opened:
        await connection.close()
    return rate
