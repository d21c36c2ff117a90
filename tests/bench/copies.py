"""Many rows from one real example: a copy differs in named columns, each an expression of its number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

FIRST = 0x01900000
"""Ids of copies begin here: older than any id that was minted, and in the order of their numbers."""

COLUMNS = """
SELECT attname FROM pg_attribute
WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
"""
"""Columns of a table that may be written."""
# Indexes no constraint needs: built anew after the rows, which is faster than with each of them.
_INDEXES = """
SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS made_by FROM pg_index
WHERE indrelid = ANY ($1::text[]::regclass[]) AND NOT indisunique AND NOT indisexclusion
"""
LONG = 20_000


@dataclass(frozen=True)
class Copies:
    """`count` copies of the row of `table` that `example` finds; `changes` are SQL by column, `n` from 0."""

    table: str
    count: int
    changes: Mapping[str, str]
    example: str = "true"


def id_sql(kind: int, number: str) -> str:
    """The id of a copy, as SQL of an expression for its number."""
    return f"(lpad(to_hex({FIRST} + ({number})), 8, '0') || '-00{kind:02x}-7000-8000-000000000000')::uuid"


def id_of(kind: int, number: int) -> UUID:
    """The same id."""
    return UUID(f"{FIRST + number:08x}-00{kind:02x}-7000-8000-000000000000")


def insert_sql(copies: Copies, columns: Sequence[str]) -> str:
    """One statement that makes all copies. Raises ValueError for a change of a column that is not there."""
    unknown = set(copies.changes) - set(columns)
    if unknown:
        raise ValueError(f"{copies.table} has no {', '.join(sorted(unknown))}")
    names = ", ".join(columns)
    values = ", ".join(copies.changes.get(column, f"example.{column}") for column in columns)
    return (
        f"INSERT INTO {copies.table} ({names}) OVERRIDING SYSTEM VALUE SELECT {values}"
        f" FROM (SELECT {names} FROM {copies.table} WHERE {copies.example} LIMIT 1) AS example,"
        f" generate_series(0, {copies.count - 1}) AS n"
    )


async def fill(owner: Any, wanted: Sequence[Copies]) -> None:
    """Write all copies through a superuser's session: CHECKs are asked, foreign keys are not."""
    await owner.execute("SET session_replication_role = replica; SET synchronous_commit = off")
    await owner.execute("SET maintenance_work_mem = '256MB'")
    long = [copies.table for copies in wanted if copies.count >= LONG]
    indexes = await owner.fetch(_INDEXES, long)
    for index in indexes:
        await owner.execute(f"DROP INDEX {index['name']}")
    for copies in wanted:
        columns = [row[0] for row in await owner.fetch(COLUMNS, copies.table)]
        await owner.execute(insert_sql(copies, columns))
    for index in indexes:
        await owner.execute(index["made_by"])
    await owner.execute("VACUUM ANALYZE")
    await owner.execute("CHECKPOINT")
