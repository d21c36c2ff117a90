"""The audit chain shows every tampering."""

import asyncpg
import pytest

from imece_chassis.database import Database, Transaction
from registry.usecases import queries
from tests.db.registry.given import active, integration, organisation


async def broken(database: Database) -> list[tuple[str, int]]:
    found = await database.snapshot(queries.broken_audit_links)
    return [(str(link.chain), link.position) for link in found]


async def without_guard(database: Database, statement: str, *arguments: object) -> None:
    """What somebody with the owner's rights could do."""

    async def work(tx: Transaction) -> None:
        await tx.execute("alter table audit disable trigger audit_is_final")
        await tx.execute(statement, *arguments)
        await tx.execute("alter table audit enable trigger audit_is_final")

    await database.unit_of_work(work)


async def test_every_privileged_command_adds_one_link(registry_db: Database) -> None:
    made = await integration(registry_db)

    async def work(tx: Transaction) -> list[str]:
        rows = await tx.fetch(
            "select action from audit where chain = $1 order by position", made.organisation_id
        )
        return [row["action"] for row in rows]

    assert await registry_db.snapshot(work) == [
        "organisation.register",
        "organisation.activate",
        "integration.create",
    ]
    assert await broken(registry_db) == []


@pytest.mark.parametrize(
    "statement", ["update audit set action = 'x'", "delete from audit", "truncate audit"]
)
async def test_rows_are_never_changed_or_removed(registry_db: Database, statement: str) -> None:
    await organisation(registry_db)
    with pytest.raises(asyncpg.RaiseError):
        await registry_db.unit_of_work(lambda tx: tx.execute(statement))


async def test_a_changed_record_breaks_the_chain_where_it_was_changed(registry_db: Database) -> None:
    home = await active(registry_db)
    await without_guard(
        registry_db,
        "update audit set record = replace(record, 'Karar 1', 'Karar 9') where chain = $1 and position = 2",
        home.organisation_id,
    )
    assert await broken(registry_db) == [(str(home.organisation_id), 2)]


async def test_a_removed_link_breaks_the_chain(registry_db: Database) -> None:
    home = await active(registry_db)
    await without_guard(
        registry_db, "delete from audit where chain = $1 and position = 1", home.organisation_id
    )
    assert await broken(registry_db) == [(str(home.organisation_id), 1)]


async def test_chains_of_two_organisations_are_independent(registry_db: Database) -> None:
    one, two = await active(registry_db, "Bir"), await active(registry_db, "İki")
    await without_guard(
        registry_db, "delete from audit where chain = $1 and position = 1", one.organisation_id
    )
    assert await broken(registry_db) == [(str(one.organisation_id), 1)]
    assert one.organisation_id != two.organisation_id
