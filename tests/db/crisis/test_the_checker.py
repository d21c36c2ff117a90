"""A checker that was never red proves nothing: each planted defect must be found and named."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import pytest

from crisis.usecases.check_ledger import NAMES, check_ledger
from tests.db.crisis.planted_defects import accept_by_reading_then_writing, tampered
from tests.db.crisis.test_competing_commands import pledge_all
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.world import World, hands


async def findings(world: World) -> dict[str, list[str]]:
    found = await check_ledger(world.database)
    return {name: [finding.subject for finding in rows] for name, rows in found.items() if rows}


async def test_reading_the_cap_then_writing_it_is_caught(world: World):
    allocations = await pledge_all(world, "50", each=4)
    line = await world.value("SELECT need_line_id FROM need_line_balances")
    await hands(partial(accept_by_reading_then_writing, world.database, row) for row in allocations)
    assert await world.value("SELECT held FROM need_line_balances") <= 1000, "the table looks innocent"
    found = await findings(world)
    assert found["i1_cap_at_every_accept"][0] == str(line)
    assert found["i5_need_balances"] == [str(line)]


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("UPDATE need_line_balances SET waitlisted = 7", "i5_need_balances"),
        ("UPDATE need_line_balances SET requested = requested + 1", "i5_need_balances"),
        ("UPDATE need_line_balances SET version = 0", "i5_need_balances"),
        ("UPDATE offer_line_balances SET reserved = 9", "i5_offer_balances"),
        ("UPDATE offer_line_balances SET qty = 1", "i2_supply"),
        ("UPDATE need_line_balances SET held = 2000", "i1_cap"),
        ("UPDATE allocations SET supply_qty = 9, qty = 9", "i3_conservation"),
        ("UPDATE allocations SET state = 'held', awaiting = NULL", "i4_one_state"),
        ("UPDATE deadlines SET state = 'cancelled', settled_at = now()", "i4_one_state"),
        ("UPDATE allocations SET qty = 8", "i6_units"),
        ("UPDATE offer_lines SET unit = 'palet'", "i6_units"),
        ("UPDATE allocations SET deadline_id = NULL", "i9_allocations"),
        ("UPDATE deadlines SET subject_id = gen_random_uuid()", "i9_allocations"),
        ("UPDATE idempotency SET body_hash = '\\x00'", "i10_one_effect"),
        ("UPDATE need_line_balances SET version = 7", "i11_pledges_are_not_coverage"),
        (
            "UPDATE crises SET title = jsonb_set(title, '{tr}', '\"Ayşe 0532 123 45 67\"')",
            "i18_personal_data",
        ),
        ("UPDATE needs SET contact_ref = 'ali@example.org'", "i18_personal_data"),
        ("UPDATE needs SET contact_ref = '10000000146'", "i18_personal_data"),
        ("UPDATE needs SET contact_ref = 'TR33 0006 1005 1978 6457 8413 26'", "i18_personal_data"),
        ("UPDATE allocations SET reason = '31 ABC 123'", "i18_personal_data"),
        (
            "UPDATE outbox SET payload = convert_to('{\"note\": \"+90 532 123 45 67\"}', 'UTF8')",
            "i18_personal_data",
        ),
    ],
)
async def test_a_row_changed_by_hand_is_named(world: World, statement: str, check: str):
    crisis_id, line = await open_line(world)
    body(await world.pledge(crisis_id, line, "10"))
    assert await findings(world) == {}
    await tampered(world.database, statement)
    assert check in await findings(world)


async def test_the_command_prints_one_line_per_invariant_and_the_rows_and_fails(
    database: Callable[[str], str], capsys: pytest.CaptureFixture[str]
):
    from crisis.settings import Settings
    from crisis.wiring import check_command
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
