"""Two units that wait for each other: the server finds it in time, and both are done."""

import asyncio

from imece_chassis.database import Database, Transaction
from tests.conflicts import deadlocks


async def test_a_deadlock_is_found_counted_and_both_units_are_done(chassis_db: Database) -> None:
    await chassis_db.unit_of_work(
        lambda tx: tx.execute("CREATE TABLE purses (name text PRIMARY KEY, coins int)")
    )
    await chassis_db.unit_of_work(
        lambda tx: tx.execute("INSERT INTO purses VALUES ('left', 0), ('right', 0)")
    )
    met, before = asyncio.Barrier(2), deadlocks()

    async def both(first: str, second: str) -> None:
        is_first_try = True

        async def work(tx: Transaction) -> None:
            nonlocal is_first_try
            await tx.execute("UPDATE purses SET coins = coins + 1 WHERE name = $1", first)
            if is_first_try:
                is_first_try = False
                await met.wait()
            await tx.execute("UPDATE purses SET coins = coins + 1 WHERE name = $1", second)

        await chassis_db.unit_of_work(work)

    await asyncio.gather(both("left", "right"), both("right", "left"))
    rows = await chassis_db.snapshot(lambda tx: tx.fetch("SELECT coins FROM purses"))
    assert [row["coins"] for row in rows] == [2, 2]
    assert deadlocks() == before + 1
