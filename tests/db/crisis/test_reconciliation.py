"""The ledger is proved by the clock: by one process, as often as it is due, and what it finds is named."""

import asyncio
import json
import logging
from collections.abc import Callable

import pytest

from crisis import metrics
from crisis.usecases.reconcile import SCOPES, reconcile
from crisis.usecases.seal_commands import seal_commands
from imece_chassis.database import Database
from tests.db.crisis.planted_defects import tampered
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.world import World
from tests.waiting import wait_until


async def made_due(world: World, scope: str) -> None:
    await world.database.unit_of_work(
        lambda tx: tx.execute("UPDATE ledger_checks SET next_at = now() WHERE scope = $1", scope)
    )


async def test_what_is_due_is_proved_once_and_is_due_again_a_period_later(world: World):
    rounds = await asyncio.gather(*(reconcile(world.database, world.database) for _ in range(4)))
    assert sorted(len(found) > 0 for found in rounds) == [False, False, False, True] or (
        sum(len(found) > 0 for found in rounds) == 2
    ), "each scope is proved by one of them"
    assert await reconcile(world.database, world.database) == {}
    rows = await world.rows("SELECT scope, next_at - checked_at AS period, mismatches FROM ledger_checks")
    assert {(row["scope"], row["mismatches"]) for row in rows} == {(scope.name, 0) for scope in SCOPES}
    assert {row["scope"]: round(row["period"].total_seconds() / 3600) for row in rows} == {
        "conservation": 1,
        "everything": 24,
    }


async def test_the_hourly_round_is_cheap_and_the_daily_one_is_everything(world: World):
    await reconcile(world.database, world.database)
    await made_due(world, "conservation")
    assert set(await reconcile(world.database, world.database)) == set(SCOPES[0].checks)
    await made_due(world, "everything")
    assert set(await reconcile(world.database, world.database)) >= set(SCOPES[1].checks)


async def test_a_mismatch_is_counted_and_its_row_named_in_the_log(
    world: World, caplog: pytest.LogCaptureFixture
):
    crisis_id, line = await open_line(world)
    root = body(await world.pledge(crisis_id, line, "10"))["allocation_id"]
    await seal_commands(world.database)
    await tampered(world.database, "UPDATE allocations SET supply_qty = 9, qty = 9")
    with caplog.at_level(logging.INFO):
        await reconcile(world.database, world.database)
    assert metrics.MISMATCHES.labels("i3_conservation")._value.get() == 1
    assert metrics.CHECK_AGE.labels("everything")._value.get() < 60
    told = [record.__dict__["fields"] for record in caplog.records if record.msg == "ledger_mismatch"]
    assert root in {fields["subject"] for fields in told if fields["check"] == "i3_conservation"}
    proved = [record.__dict__["fields"] for record in caplog.records if record.msg == "ledger_proved"]
    assert {fields["scope"] for fields in proved} == {"conservation", "everything"}
    assert json.dumps(proved), "heads and counts, no rows"


async def test_the_timers_role_seals_and_proves_beside_its_deadlines(database: Callable[[str], str]):
    from crisis.settings import Settings
    from crisis.wiring import SERVICE

    url = database("crisis")
    connected = await Database.connect(url, application="test")
    world = World(connected)
    await open_line(world)
    async with SERVICE.roles["timers"](Settings(DATABASE_URL_CRISIS=url)):  # type: ignore[call-arg]

        async def is_sealed() -> bool:
            return await world.value("SELECT count(*) FROM command_seals") == 3

        await wait_until(is_sealed, timeout=20)
    await connected.close()
