"""The harness itself: a system comes up, survives kills, and every checker has been seen red on it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.checks.log import first_appearances_are_in_order
from tests.faults.harness import System
from tests.faults.invariants import assert_invariants, crisis_violations, facts_in_topics
from tests.faults.load import Load
from tests.faults.scenario import prepare
from tests.platform.log import KafkaRecord

# Violation → the statement that makes it, run inside a transaction that is rolled back.
PLANTS = {
    "I1": "DELETE FROM allocations WHERE parent_id IS NULL",
    "I2": "DELETE FROM idempotency",
    "I3": "UPDATE idempotency SET body = body || ' '::bytea",
    "I4": "DELETE FROM outbox WHERE position = (SELECT max(position) FROM outbox)",
    "I6": 'UPDATE board.board_card SET body = (body::jsonb || \'{"held": "999999"}\')::json',
    "I7": "UPDATE need_line_balances SET proposed = proposed + 1",
}


def exchange_two_versions(records: list[KafkaRecord]) -> list[KafkaRecord]:
    """The log as it would be had two events of one line overtaken each other."""
    lines = [record for record in records if record.topic == "crisis.lines.v1"]
    first, second = [record for record in lines if record.key == lines[0].key][:2]
    return [replace(first, headers=second.headers), replace(second, headers=first.headers)]


@pytest.fixture
async def system(tmp_path: Path) -> AsyncIterator[System]:
    async with System(tmp_path) as running:
        yield running


@pytest.mark.timeout(300)
async def test_a_system_survives_kills_and_each_checker_sees_its_planted_defect(system: System) -> None:
    scenario = await prepare(system)
    load = Load(system, scenario, seed=1)
    try:
        async with load.running(clients=3):
            for part in ("crisis-relay", "crisis-api", "crisis-consume"):
                await system.restart(part)
            await system.restart("crisis-relay", FP="relay.after_publish:crash@#3")
            await system.crashed("crisis-relay")
            await system.restart("crisis-relay", FP="")
        await load.commands(20)
        await system.quiet()
        await assert_invariants(system, load.journal)
        operations, records = load.journal.operations(), await facts_in_topics(system)
        assert load.decided > 20
        assert any(operation.answer for operation in operations)
        async with system.checker("crisis") as connection:
            for invariant, statement in PLANTS.items():
                planting = connection.transaction(isolation="repeatable_read")
                await planting.start()
                await connection.execute("SET LOCAL session_replication_role = replica")
                assert await connection.execute(statement) != "UPDATE 0"
                found = await crisis_violations(operations, records, connection)
                await planting.rollback()
                assert found[invariant], f"{invariant} did not see: {statement}"
        assert first_appearances_are_in_order(exchange_two_versions(records))
    finally:
        await load.close()
