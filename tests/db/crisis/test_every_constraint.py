"""Each rule of a table in force refuses what nothing else does: with it by name, without it not at all."""

from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest
import pytest_asyncio

from tests.db.crisis.constraints import IMPLIED, INSERT_ONLY, REFUSALS
from tests.db.crisis.constraints.forms import Refusal
from tests.platform.databases import Databases

pytestmark = pytest.mark.asyncio(loop_scope="module")

# CHECKs, UNIQUEs, EXCLUDEs and unique indexes, and how each is removed. Not: primary keys, references.
_IN_FORCE = """
SELECT conrelid::regclass::text AS on_table, conname::text AS name,
       format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS removal
  FROM pg_constraint
 WHERE contype IN ('c', 'u', 'x') AND connamespace IN ('public'::regnamespace, 'board'::regnamespace)
   AND conrelid <> 0
UNION ALL
SELECT indrelid::regclass::text, relname::text, format('DROP INDEX %s', indexrelid::regclass)
  FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
 WHERE indisunique AND relnamespace IN ('public'::regnamespace, 'board'::regnamespace)
   AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
"""
_REFERENCES = """
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint
 WHERE contype = 'f'
"""
_SHIELDED = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'insert_only'"
_WRITTEN_BY_MIGRATIONS = ("ledger_checks", "log_epoch", "mirror_head")


@pytest.fixture(scope="module")
def url(_databases: Databases) -> Iterator[str]:
    yield _databases.create("crisis")
    _databases.drop_all()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bare(url: str) -> AsyncIterator[asyncpg.Connection]:
    """To a migrated database without references and without rows."""
    connection = await asyncpg.connect(url)
    for row in await connection.fetch(_REFERENCES):
        await connection.execute(row[0])
    for table in _WRITTEN_BY_MIGRATIONS:
        await connection.execute(f"DELETE FROM {table}")
    yield connection
    await connection.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def removals(bare: asyncpg.Connection) -> dict[tuple[str, str], str]:
    """Table and name of each constraint in force → the statement that removes it."""
    return {(row["on_table"], row["name"]): row["removal"] for row in await bare.fetch(_IN_FORCE)}


@pytest_asyncio.fixture(loop_scope="module")
async def connection(bare: asyncpg.Connection) -> AsyncIterator[asyncpg.Connection]:
    """In a transaction that is taken back."""
    transaction = bare.transaction()
    await transaction.start()
    yield bare
    await transaction.rollback()


async def taken(connection: asyncpg.Connection, statement: str, *, stays: bool = False) -> None:
    """Run a statement and take it back, unless it stays."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(statement)
    except asyncpg.PostgresError:
        await transaction.rollback()
        raise
    await (transaction.commit() if stays else transaction.rollback())


async def test_every_constraint_in_force_stands_in_the_list(removals: dict[tuple[str, str], str]):
    listed = {refusal.rule for refusal in REFUSALS} | set(IMPLIED)
    assert set(removals) == listed, f"not listed or not in force: {sorted(set(removals) ^ listed)}"


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: f"{refusal.table}-{refusal.constraint}")
async def test_a_constraint_refuses_what_nothing_else_does(
    connection: asyncpg.Connection, removals: dict[tuple[str, str], str], refusal: Refusal
):
    await taken(connection, refusal.taken, stays=refusal.is_second)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as found:
        await taken(connection, refusal.refused)
    schema = "" if found.value.schema_name == "public" else f"{found.value.schema_name}."
    assert (f"{schema}{found.value.table_name}", found.value.constraint_name) == refusal.rule
    await connection.execute(removals[refusal.rule])
    await taken(connection, refusal.refused)


async def test_every_table_of_history_stands_in_the_list(bare: asyncpg.Connection):
    assert {row[0] for row in await bare.fetch(_SHIELDED)} == set(INSERT_ONLY)


@pytest.mark.parametrize("table", INSERT_ONLY)
@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = NULL", "DELETE FROM {}", "TRUNCATE {}"])
async def test_history_is_insert_only(connection: asyncpg.Connection, table: str, verb: str):
    statement = verb.format(table, INSERT_ONLY[table])
    with pytest.raises(asyncpg.RestrictViolationError, match="insert-only"):
        await taken(connection, statement)
    await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER insert_only")
    await taken(connection, statement)
