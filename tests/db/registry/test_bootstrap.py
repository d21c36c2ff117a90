"""Bootstrap: once is enough, twice is harmless."""

import asyncio
import json
import os
import sys
from collections.abc import Callable
from typing import Any

from imece_chassis.access import keys as key_texts
from imece_chassis.database import Database, Transaction
from imece_chassis.ids import uuid7
from registry.domain.organisations import Particulars
from registry.store.credentials import OwnCredentials
from registry.usecases.bootstrap import Bootstrap, Bootstrapped, bootstrap
from tests.db.registry.given import MINT, NOW

FIRST = Particulars("federasyon", "Ortak Sekretarya", "06")


async def run(database: Database, command: Bootstrap | None = None) -> Bootstrapped:
    async def work(tx: Transaction) -> Bootstrapped:
        return await bootstrap(tx, command or Bootstrap(FIRST), MINT, NOW, uuid7)

    return await database.unit_of_work(work)


async def test_the_first_run_makes_a_secretariat_with_every_right(registry_db: Database) -> None:
    made = await run(registry_db)
    assert made.is_new and made.key is not None
    caller = await OwnCredentials(registry_db).lookup(key_texts.digest(MINT.pepper, made.key))
    assert caller is not None
    assert caller.may("secretariat", organisation_id=uuid7())
    assert caller.has_scope("registry:write") and caller.has_scope("crisis:need:write")


async def test_the_second_run_changes_nothing(registry_db: Database) -> None:
    first = await run(registry_db)
    events = await count_of(registry_db, "outbox")
    second = await run(registry_db)
    assert (second.organisation_id, second.integration_id) == (first.organisation_id, first.integration_id)
    assert not second.is_new and second.key is None
    assert await count_of(registry_db, "outbox") == events
    assert await count_of(registry_db, "organisations") == 1


async def test_simultaneous_runs_make_one_secretariat_and_one_key(registry_db: Database) -> None:
    made = await asyncio.gather(*(run(registry_db) for _ in range(4)))
    assert len({each.organisation_id for each in made}) == 1
    assert sum(each.key is not None for each in made) == 1


async def test_new_keys_on_request_retire_the_oldest_when_both_places_are_taken(
    registry_db: Database,
) -> None:
    keys = [await run(registry_db, Bootstrap(FIRST, is_new_key_wanted=True)) for _ in range(3)]
    source = OwnCredentials(registry_db)
    callers = [await source.lookup(key_texts.digest(MINT.pepper, each.key or "")) for each in keys]
    assert [caller is not None and caller.revoked_at is not None for caller in callers] == [
        True,
        False,
        False,
    ]


async def count_of(database: Database, table: str) -> int:
    return await database.snapshot(lambda tx: tx.fetchval(f"select count(*) from {table}"))


def command_line(url: str, *arguments: str) -> Any:
    environment = {**os.environ, "DATABASE_URL_REGISTRY": url, "IMECE_ENV": "test"}
    return asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "registry",
        *arguments,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_the_command_prints_one_json_object(database: Callable[[str], str]) -> None:
    url = database("registry")
    printed = []
    for _ in range(2):
        process = await command_line(url, "bootstrap", "--json")
        out, error = await process.communicate()
        assert process.returncode == 0, error.decode()
        printed.append(json.loads(out.decode().splitlines()[-1]))
    assert key_texts.is_wellformed(printed[0]["key"])
    assert printed[1]["key"] is None
    assert printed[0]["organisation_id"] == printed[1]["organisation_id"]
    check = await command_line(url, "audit-verify")
    out, error = await check.communicate()
    assert check.returncode == 0, error.decode()
