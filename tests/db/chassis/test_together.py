"""Statements sent as one do what they would have done one by one, or nothing at all."""

import asyncpg
import pytest

from imece_chassis.database import Database, Transaction
from imece_chassis.together import Together, one_statement

TABLES = (
    "CREATE TABLE left_side (id int PRIMARY KEY, word text)",
    "CREATE TABLE right_side (id int PRIMARY KEY, n int)",
)


@pytest.fixture
async def db(chassis_db: Database) -> Database:
    async def work(tx: Transaction) -> None:
        for statement in TABLES:
            await tx.execute(statement)

    await chassis_db.unit_of_work(work)
    return chassis_db


async def _rows(db: Database) -> tuple[list[tuple[int, str]], list[tuple[int, int]]]:
    async def work(tx: Transaction) -> tuple[list[tuple[int, str]], list[tuple[int, int]]]:
        left = await tx.fetch("SELECT id, word FROM left_side ORDER BY id")
        right = await tx.fetch("SELECT id, n FROM right_side ORDER BY id")
        return [tuple(row) for row in left], [tuple(row) for row in right]

    return await db.snapshot(work)


async def _insert(together: Together) -> None:
    await together.execute(
        "-- Words.\nINSERT INTO left_side SELECT id, word FROM unnest($1::int[], $2::text[]) AS n (id, word)",
        [1, 2],
        ["bir", "iki"],
    )
    await together.execute("INSERT INTO right_side (id, n) VALUES ($2, $1)", 10, 7)


async def test_each_statement_keeps_its_own_arguments(db: Database) -> None:
    heard: list[str] = []

    async def work(tx: Transaction) -> None:
        together = Together(tx)
        await _insert(together)
        together.after_commit(lambda: heard.append("committed"))
        assert await together.fetchval("SELECT count(*) FROM left_side") == 0, "reading happens at once"
        await together.run()
        assert await tx.fetchval("SELECT count(*) FROM left_side") == 2
        await together.run()  # nothing is kept any more

    await db.unit_of_work(work)
    assert await _rows(db) == ([(1, "bir"), (2, "iki")], [(7, 10)])
    assert heard == ["committed"]


async def test_one_that_fails_takes_the_others_with_it(db: Database) -> None:
    async def work(tx: Transaction) -> None:
        together = Together(tx)
        await _insert(together)
        await together.execute(
            "INSERT INTO right_side (id, n) SELECT $1::int, n FROM unnest($2::int[]) AS n", 1, [1, 2]
        )
        await together.run()

    with pytest.raises(asyncpg.UniqueViolationError):
        await db.unit_of_work(work)
    assert await _rows(db) == ([], [])


async def test_it_is_no_way_around_the_end_of_a_transaction(db: Database) -> None:
    async def work(tx: Transaction) -> Together:
        return Together(tx)

    together = await db.unit_of_work(work)
    await _insert(together)
    with pytest.raises(RuntimeError, match="the transaction has ended"):
        await together.run()


def test_parameters_are_numbered_through() -> None:
    text = one_statement(
        ("DELETE FROM a WHERE x = $1 AND y = $2 AND z = $1", "DELETE FROM b", "DELETE FROM c WHERE x = $1")
    )
    assert "x = $1 AND y = $2 AND z = $1" in text
    assert "DELETE FROM c WHERE x = $3" in text
