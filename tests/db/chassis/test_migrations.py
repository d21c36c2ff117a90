"""Migrations: once, in order, never edited, never half, one runner at a time."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from imece_chassis import failpoints
from imece_chassis.database import Database
from imece_chassis.migrations import (
    CHASSIS,
    ChangedAfterApplied,
    Component,
    MigrationOrder,
    is_current,
    migrate,
    status,
)
from tests.waiting import wait_until

FIRST = "-- migrate:up\nCREATE TABLE things (id int PRIMARY KEY);\n-- migrate:down\nDROP TABLE things;\n"
SECOND = "-- migrate:up\nALTER TABLE things ADD COLUMN name text;\n"
INDEX = """-- migrate:up transaction:false
DROP INDEX CONCURRENTLY IF EXISTS by_name;
CREATE INDEX CONCURRENTLY by_name ON things (name);
"""

BUILT = """-- migrate:up transaction:false
-- Who is called this?
CREATE INDEX CONCURRENTLY IF NOT EXISTS by_name ON things (name);
"""
INDEX_NOW = (
    "SELECT indexrelid::int8 AS id, indisvalid FROM pg_index WHERE indexrelid = to_regclass('by_name')"
)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Component]:
    """Factory: file name → text, written into a package of their own."""
    name = f"made_{tmp_path.name.replace('-', '_')}"
    folder = tmp_path / name / "migrations"
    folder.mkdir(parents=True)
    (tmp_path / name / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(**files: str) -> Component:
        for file, text in files.items():
            (folder / f"{file.removeprefix('m')}.sql").write_text(text)
        sys.modules.pop(name, None)
        return Component(name, name)

    return write


async def test_migrations_apply_in_order_and_only_once(
    database: Callable[[str], str], package: Callable[..., Component]
) -> None:
    url, said = database(""), []
    component = package(m0001_things=FIRST, m0002_name=SECOND, m0003_index=INDEX)
    assert all(line.endswith("pending") for line in await status(url, [component]))
    await migrate(url, [component], said.append)
    await migrate(url, [component], said.append)
    assert [line.split(" applied")[0].split(" ", 1)[1] for line in said[:3]] == [
        "0001_things", "0002_name", "0003_index",
    ]  # fmt: skip
    assert said[3:] == [f"{component.name} is current at 0003"]
    assert all(line.endswith("applied") for line in await status(url, [component]))


async def test_concurrent_runs_apply_everything_exactly_once(
    database: Callable[[str], str], package: Callable[..., Component]
) -> None:
    url, said = database(""), []
    component = package(m0001_things=FIRST, m0002_name=SECOND)
    await asyncio.gather(*(migrate(url, [CHASSIS, component], said.append) for _ in range(4)))
    assert len([line for line in said if "0001_things applied" in line]) == 1
    assert len([line for line in said if "chassis 0001_messaging applied" in line]) == 1


async def test_an_edited_migration_is_refused(
    database: Callable[[str], str], package: Callable[..., Component]
) -> None:
    url = database("")
    component = package(m0001_things=FIRST)
    await migrate(url, [component], lambda _: None)
    package(m0001_things=FIRST.replace("int", "bigint"))
    with pytest.raises(ChangedAfterApplied, match="0001_things"):
        await migrate(url, [component], lambda _: None)


async def test_a_lower_number_after_a_higher_one_is_refused(
    database: Callable[[str], str], package: Callable[..., Component]
) -> None:
    url = database("")
    component = package(m0001_things=FIRST, m0003_name=SECOND)
    await migrate(url, [component], lambda _: None)
    package(m0002_late=SECOND.replace("name", "late"))
    with pytest.raises(MigrationOrder):
        await migrate(url, [component], lambda _: None)


async def test_a_crash_half_way_leaves_nothing_of_that_file_and_the_next_run_completes_it(
    database: Callable[[str], str], package: Callable[..., Component]
) -> None:
    url = database("")
    component = package(m0001_things=FIRST, m0002_name=SECOND)
    with failpoints.armed("migrate.step:error@#2"), pytest.raises(failpoints.FailpointError):
        await migrate(url, [component], lambda _: None)
    assert [line.split()[-1] for line in await status(url, [component])] == ["applied", "pending"]
    await migrate(url, [component], lambda _: None)
    assert [line.split()[-1] for line in await status(url, [component])] == ["applied", "applied"]


async def test_a_statement_that_fails_reports_the_database_s_own_error(
    database: Callable[[str], str], package: Callable[..., Component]
) -> None:
    component = package(m0001_things="-- migrate:up\nCREATE TABLE a (id int);\nSELECT 1 / 0;\n")
    url = database("")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(url, [component], lambda _: None)
    assert (await status(url, [component]))[0].endswith("pending")


async def test_a_locked_table_is_waited_for(
    database: Callable[[str], str], package: Callable[..., Component]
) -> None:
    url = database("")
    component = package(m0001_things=FIRST)
    await migrate(url, [component], lambda _: None)
    package(m0002_name=SECOND)
    holder = await asyncpg.connect(url)
    transaction = holder.transaction()
    await transaction.start()
    await holder.execute("LOCK TABLE things")
    running = asyncio.create_task(migrate(url, [component], lambda _: None))
    done, _ = await asyncio.wait({running}, timeout=2.5)  # longer than one lock_timeout
    assert not done
    await transaction.rollback()
    await running
    await holder.close()


async def test_an_index_whose_build_was_cut_off_is_built_again(
    database: Callable[[str], str], package: Callable[..., Component]
) -> None:
    url = database("")
    component = package(m0001_things=FIRST, m0002_name=SECOND)
    await migrate(url, [component], lambda _: None)
    package(m0003_index=BUILT)
    looking, old = await asyncpg.connect(url), await asyncpg.connect(url)
    snapshot = old.transaction(isolation="repeatable_read")
    await snapshot.start()
    await old.fetchval("SELECT 1")  # a build waits for every snapshot older than its own
    running = asyncio.create_task(migrate(url, [component], lambda _: None))

    async def is_there() -> int | None:
        found = await looking.fetchrow(INDEX_NOW)
        return found["id"] if found else None

    cut_off = await wait_until(is_there)

    async def is_another() -> bool:
        return await is_there() not in (None, cut_off)

    await wait_until(is_another, timeout=30)
    assert (await status(url, [component]))[2].endswith("pending")
    await snapshot.rollback()
    await running
    row = await looking.fetchrow(INDEX_NOW)
    assert row is not None and row["indisvalid"]
    await old.close()
    await looking.close()


async def test_readiness_sees_a_schema_that_lags_behind(
    chassis_db: Database, package: Callable[..., Component]
) -> None:
    component = package(m0001_things=FIRST)
    assert await chassis_db.snapshot(lambda tx: is_current(tx, [CHASSIS]))
    assert not await chassis_db.snapshot(lambda tx: is_current(tx, [CHASSIS, component]))
