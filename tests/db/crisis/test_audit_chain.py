"""The audit trail proves itself: what was sealed cannot be changed, removed or added to unseen."""

import asyncio
from collections.abc import Callable
from uuid import UUID

import pytest

from crisis.store.command_seals import Head, head, seal, verify
from crisis.usecases.seal_commands import seal_commands
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.world import World

TRIGGERS = "ALTER TABLE {} DISABLE TRIGGER insert_only"
ONE_SEALED = "(SELECT command_id FROM command_seals WHERE position = 2)"


async def broken(world: World, noted: Head | None = None) -> list[tuple[str, str]]:
    found = await world.database.snapshot(lambda tx: verify(tx, noted))
    return [(row.command_id, row.what) for row in found]


async def tampered(world: World, *statements: str) -> None:
    """What an administrator of the database could do: triggers away, rows changed."""

    async def work(tx) -> None:
        for table in ("command_log", "command_seals"):
            await tx.execute(TRIGGERS.format(table))
        for statement in statements:
            await tx.execute(statement)

    await world.database.unit_of_work(work)


@pytest.fixture
async def sealed(world: World) -> World:
    crisis_id, line = await open_line(world)
    for quantity in ("10", "20"):
        await world.accept(UUID(body(await world.pledge(crisis_id, line, quantity))["allocation_id"]))
    assert await seal_commands(world.database) == 7
    return world


async def test_every_command_is_sealed_once_and_the_chain_holds(sealed: World):
    assert await broken(sealed) == []
    assert await seal_commands(sealed.database) == 0
    assert (await sealed.database.snapshot(head)).position == 7
    assert await sealed.value("SELECT count(*) FROM commands_to_seal") == 0


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE command_log SET reason = 'other' WHERE command_id = " + ONE_SEALED, "changed"),
        ("UPDATE command_log SET at = at + interval '1 day' WHERE command_id = " + ONE_SEALED, "changed"),
        (
            "UPDATE command_log SET actor_key_id = gen_random_uuid() WHERE command_id = " + ONE_SEALED,
            "changed",
        ),
        ("DELETE FROM command_log WHERE command_id = " + ONE_SEALED, "removed"),
    ],
)
async def test_a_row_changed_or_removed_after_its_seal_is_named(sealed: World, statement: str, what: str):
    row = await sealed.value("SELECT command_id::text FROM command_seals WHERE position = 2")
    await tampered(sealed, statement)
    ((named, found), *others) = await broken(sealed)
    assert (named, others) == (row, [])
    assert what in found and "seal 2" in found


async def test_a_row_put_in_without_the_queue_is_named(sealed: World):
    await tampered(
        sealed,
        "INSERT INTO command_log SELECT gen_random_uuid(), command, crisis_id, is_drill, subject_type,"
        " subject_id, actor_org_id, actor_key_id, actor_role, counterparty_org_id, reason, before_version,"
        " after_version, at FROM command_log LIMIT 1",
    )
    ((_, found),) = await broken(sealed)
    assert found == "was put in beside the chain"


async def test_a_row_removed_before_its_seal_is_named(sealed: World):
    await sealed.open_crisis()
    await tampered(
        sealed, "DELETE FROM command_log WHERE command_id IN (SELECT command_id FROM commands_to_seal)"
    )
    assert [found for _, found in await broken(sealed)] == ["was removed before it was sealed"]


async def test_a_missing_seal_is_named_and_a_cut_chain_does_not_hold_the_head_noted_before(sealed: World):
    noted = await sealed.database.snapshot(head)
    assert await broken(sealed, Head.parsed(str(noted))) == []
    last = await sealed.value("SELECT command_id::text FROM command_seals WHERE position = 7")
    await tampered(
        sealed,
        "DELETE FROM command_seals WHERE position = 7",
        f"DELETE FROM command_log WHERE command_id = '{last}'",
    )
    assert await broken(sealed) == [], "a chain cut at its end is whole for who knows no head"
    assert await broken(sealed, noted) == [("the chain", "ends at 6, noted down was 7")]
    await tampered(sealed, "DELETE FROM command_seals WHERE position = 3")
    assert (await broken(sealed))[0][1] == "seal 3 is missing"


async def test_a_chain_written_anew_does_not_hold_the_head_noted_before(sealed: World):
    noted = await sealed.database.snapshot(head)
    await tampered(
        sealed,
        "UPDATE command_log SET reason = 'other' WHERE command_id = " + ONE_SEALED,
        "INSERT INTO commands_to_seal SELECT command_id FROM command_seals",
        "DELETE FROM command_seals",
    )
    assert await seal_commands(sealed.database) == 7
    assert await broken(sealed) == []
    assert "not the one noted down" in (await broken(sealed, noted))[0][1]


async def test_sealers_at_once_seal_every_row_once_while_commands_go_on(world: World):
    crisis_id, line = await open_line(world)

    async def pledges() -> None:
        for _ in range(10):
            body(await world.pledge(crisis_id, line, "1"))

    async def sealer() -> None:
        for _ in range(20):
            await seal_commands(world.database)

    await asyncio.gather(pledges(), pledges(), sealer(), sealer(), sealer())
    while await seal_commands(world.database):
        pass
    assert await broken(world) == []
    assert (await world.database.snapshot(head)).position == await world.value(
        "SELECT count(*) FROM command_log"
    )


async def test_a_second_sealer_does_nothing_while_one_is_at_work(world: World):
    await open_line(world)

    async def at_work(tx) -> int:
        assert await seal(tx, 1) == 1
        return await seal_commands(world.database)

    assert await world.database.unit_of_work(at_work) == 0
    assert await seal_commands(world.database) == 2
    assert await broken(world) == []


async def test_the_command_says_whether_the_chain_is_whole_and_prints_its_head(
    database: Callable[[str], str], capsys: pytest.CaptureFixture[str]
):
    from crisis.settings import Settings
    from crisis.wiring.commands import audit_verify_command
    from imece_chassis.database import Database

    url = database("crisis")
    connected = await Database.connect(url, application="test")
    world = World(connected)
    await open_line(world)
    await seal_commands(connected)
    settings = Settings(DATABASE_URL_CRISIS=url)  # type: ignore[call-arg]
    assert await audit_verify_command(settings, []) == 0
    said = capsys.readouterr().out
    assert said.startswith("whole, head 3:")
    assert await audit_verify_command(settings, [said.split()[-1]]) == 0
    await tampered(world, "UPDATE command_log SET reason = 'other' WHERE command_id = " + ONE_SEALED)
    await connected.close()
    assert await audit_verify_command(settings, []) == 1
    assert "seal 2 was changed" in capsys.readouterr().out
