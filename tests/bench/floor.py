"""The yardstick: how fast this machine commits a bare transaction of three inserts, through our driver."""

import asyncio
import time
from uuid import uuid4

import asyncpg

TABLES = """
CREATE TABLE IF NOT EXISTS bench_a (id uuid PRIMARY KEY, body text, at timestamptz DEFAULT now());
CREATE TABLE IF NOT EXISTS bench_b (id uuid PRIMARY KEY, body text, at timestamptz DEFAULT now());
CREATE TABLE IF NOT EXISTS bench_c (id uuid PRIMARY KEY, body text, at timestamptz DEFAULT now());
"""
BODY = "x" * 200


async def three_inserts_per_second(url: str, *, connections: int, seconds: float) -> float:
    """Committed transactions per second with `connections` connections, each in a closed loop."""
    opened = [await asyncpg.connect(url) for _ in range(connections)]
    await opened[0].execute(TABLES)
    deadline = time.perf_counter() + seconds
    done = 0

    async def work(connection: "asyncpg.Connection") -> None:
        nonlocal done
        while time.perf_counter() < deadline:
            row = uuid4()
            async with connection.transaction():
                await connection.execute("INSERT INTO bench_a (id, body) VALUES ($1, $2)", row, BODY)
                await connection.execute("INSERT INTO bench_b (id, body) VALUES ($1, $2)", row, BODY)
                await connection.execute("INSERT INTO bench_c (id, body) VALUES ($1, $2)", row, BODY)
            done += 1

    started = time.perf_counter()
    await asyncio.gather(*(work(connection) for connection in opened))
    rate = done / (time.perf_counter() - started)
    for connection in opened:
        await connection.close()
    return rate
