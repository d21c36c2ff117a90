"""I1 to I7 over a whole system, by the checkers of tests/faults/checks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import asyncpg

from tests.faults.checks import acknowledgements, board, ledger, log
from tests.faults.journal import Journal, Operation
from tests.platform.kafka import TestTopics
from tests.platform.log import KafkaRecord, read_all

if TYPE_CHECKING:
    from tests.faults.harness import System

Findings = dict[str, list[str]]


async def assert_invariants(system: System, journal: Journal) -> None:
    """Call it when the system is quiet. Raises AssertionError with every violation."""
    findings = await violations(system, journal)
    broken = [f"{name}: {each}" for name, found in findings.items() for each in found[:20]]
    assert not broken, "\n  ".join([f"{len(broken)} violations", *broken])


async def violations(system: System, journal: Journal) -> Findings:
    """Invariant → what breaks it."""
    records = await facts_in_topics(system)
    operations = journal.operations()
    async with system.checker("crisis") as crisis, system.checker("registry") as registry:
        findings = await crisis_violations(operations, records, crisis)
        ours = [record for record in records if record.topic.startswith("registry.")]
        findings["I4"] += await log.topics_hold_the_outbox(ours, registry)
    return findings


async def crisis_violations(
    operations: list[Operation], records: list[KafkaRecord], crisis: asyncpg.Connection
) -> Findings:
    """The part that needs only the crisis database: tests plant defects in it and look here."""
    theirs = [record for record in records if record.topic.startswith("crisis.")]
    return {
        "I1": await acknowledgements.acknowledged_exactly_once(operations, crisis),
        "I2": await acknowledgements.no_ghosts(operations, crisis),
        "I3": await acknowledgements.replays_are_identical(operations, crisis),
        "I4": await log.topics_hold_the_outbox(theirs, crisis),
        "I5": log.first_appearances_are_in_order(records),
        "I6": await board.board_is_one(theirs, crisis),
        "I7": await ledger.sums_hold(crisis),
    }


async def facts_in_topics(system: System) -> list[KafkaRecord]:
    """Every record of every topic but the progress marks, from offset 0."""
    names = [
        name
        for name in await asyncio.to_thread(TestTopics(system.kafka.bootstrap).names)
        if not name.startswith("__") and ".progress." not in name
    ]
    return await asyncio.to_thread(read_all, system.kafka.bootstrap, names)
