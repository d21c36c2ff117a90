"""A checker that was never red proves nothing: each planted defect must be found and named."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from crisis import usecases
from crisis.domain.answers import Rest
from crisis.store import checks
from crisis.usecases.check_ledger import NAMES, check_ledger
from crisis.usecases.check_ledger import findings as findings_of
from crisis.usecases.seal_commands import seal_commands
from imece_chassis.database import Transaction
from tests.db.crisis.planted_defects import (
    CORRUPTIONS,
    accept_by_reading_then_writing,
    tampered,
    without_shields,
)
from tests.db.crisis.test_competing_commands import pledge_all
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.world import World, hands


class Undone(Exception):
    """Ends a transaction whose changes nobody wants to keep."""


async def findings(world: World) -> dict[str, list[str]]:
    found = await check_ledger(world.database)
    return {name: [finding.subject for finding in rows] for name, rows in found.items() if rows}


async def a_full_ledger(world: World) -> None:
    """A line with rows that are proposed, held, cut up and waiting, and a sealed audit trail."""
    crisis_id, line = await open_line(world, "40")
    allocations = [UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"]) for _ in range(4)]
    await world.accept(allocations[0])
    await world.accept(allocations[1], "4", Rest.WAITLIST)
    await world.withdraw(allocations[2])
    await seal_commands(world.database)


async def corrupted(world: World, statement: str) -> dict[str, list[str]]:
    """What the checker says of a ledger changed by hand; the change does not stay."""
    seen: dict[str, list[str]] = {}

    async def work(tx: Transaction) -> None:
        await without_shields(tx)
        tag = await tx.execute(statement)
        assert not tag.endswith(" 0"), f"{statement} changed nothing"
        for name, rows in (await findings_of(tx)).items():
            if rows:
                seen[name] = [row.subject for row in rows]
        raise Undone

    with pytest.raises(Undone):
        await world.database.unit_of_work(work)
    return seen


async def test_reading_the_cap_then_writing_it_is_caught(world: World):
    allocations = await pledge_all(world, "50", each=4)
    line = await world.value("SELECT need_line_id FROM need_line_balances")
    await hands(partial(accept_by_reading_then_writing, world.database, row) for row in allocations)
    assert await world.value("SELECT held FROM need_line_balances") <= 1000, "the table looks innocent"
    found = await findings(world)
    assert found["i1_cap_at_every_accept"][0] == str(line)
    assert found["i5_need_balances"] == [str(line)]


def test_every_check_is_seen_red_by_a_planted_corruption():
    assert set(CORRUPTIONS) == set(NAMES)


def test_every_command_a_check_looks_for_is_written_by_a_use_case():
    named = {
        command
        for name in checks.NAMES
        for listed in re.findall(r"\bcommand (?:=|IN) (\('[^)]*\)|'\w+')", checks.statement(name))
        for command in re.findall(r"'(\w+)'", listed)
    }
    sources = [each.read_text(encoding="utf-8") for each in Path(usecases.__path__[0]).glob("*.py")]
    assert {"accept_allocation", "verify_need", "revoke_statement"} <= named
    assert [command for command in sorted(named) if not any(f'"{command}"' in each for each in sources)] == []


@pytest.mark.timeout(300)  # every corruption meets every check
async def test_a_row_changed_by_hand_is_named_by_the_check_for_it(world: World):
    await a_full_ledger(world)
    assert await findings(world) == {}
    missed = [
        (check, statement)
        for check, statements in CORRUPTIONS.items()
        for statement in statements
        if not (await corrupted(world, statement)).get(check)
    ]
    assert missed == []
    assert await findings(world) == {}, "nothing stayed"


async def test_the_command_prints_one_line_per_invariant_and_the_rows_and_fails(
    database: Callable[[str], str], capsys: pytest.CaptureFixture[str]
):
    from crisis.settings import Settings
    from crisis.wiring.commands import check_command
    from imece_chassis.database import Database

    url = database("crisis")
    settings = Settings(DATABASE_URL_CRISIS=url)  # type: ignore[call-arg]
    connected = await Database.connect(url, application="test")
    world = World(connected)
    crisis_id, line = await open_line(world)
    allocation = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    assert await check_command(settings, []) == 0
    assert capsys.readouterr().out.count("holds") == len(NAMES)
    await tampered(connected, "UPDATE allocations SET qty = 8")
    await connected.close()
    assert await check_command(settings, []) == 1
    said = capsys.readouterr().out
    assert "broken   I6" in said and str(allocation) in said
