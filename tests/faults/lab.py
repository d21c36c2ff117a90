"""One running system for many fault tests: each breaks it, heals it, and has the whole of it checked.

async def test_…(lab: Lab) -> None:
    await lab.system.restart("crisis-relay", FP="relay.after_publish:crash@#3")
    async with lab.load(150):                    # that many commands on need lines of their own
        await lab.system.crashed("crisis-relay")
        await lab.system.restart("crisis-relay", FP="")
    await lab.check()                            # quiet, then every invariant over all that ever happened
"""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import asyncpg
import httpx

from tests.faults import planted
from tests.faults.checks import applied, log
from tests.faults.client import Client
from tests.faults.harness import System
from tests.faults.invariants import Findings, crisis_violations, facts_in_topics
from tests.faults.journal import Journal, Operation
from tests.faults.load import Load
from tests.faults.quiet import committed
from tests.faults.scenario import Party, Scenario, line_id, prepare, state_need
from tests.platform.log import KafkaRecord
from tests.waiting import wait_until

PLANTED = "planted"
"""Header of records that a test put into a topic: no service committed them."""
WITNESSED = ("tests.faults.planted", planted.TALLY)
LOOKS = 5
QUIET_SECONDS = 90.0  # the promise is 60 s after the faults end; this machine may be shared with other suites


class Lab:
    """A system, its scenario, and every journal written so far."""

    def __init__(self, system: System, scenario: Scenario) -> None:
        self.system, self.scenario = system, scenario
        self.journals: list[Journal] = []
        self._seeds = itertools.count(1)

    @classmethod
    async def open(cls, folder: Path) -> "Lab":
        """Start everything; the board's process also runs the witness of `planted.tally`."""
        system = System(folder)
        try:
            await system.start_servers()
            async with system.checker("crisis") as connection:
                await connection.execute(planted.TABLE)
            system.processes["crisis-consume"].launcher = WITNESSED
            await system.start_parts()
            return cls(system, await prepare(system))
        except BaseException:
            await system.stop()
            raise

    async def heal(self) -> None:
        """Servers up, every part running as it is meant to; raises when one cannot be started."""
        await asyncio.gather(self.system.start_postgres(), self.system.start_kafka())
        for name, process in list(self.system.processes.items()):
            if name not in self.system.parts:
                await self.system.remove(name)
                continue
            process.extra.clear()
            process.launcher = WITNESSED if name == "crisis-consume" else ()
            process.thaw()
            if not process.is_as_meant:
                await self.system.restart(name)

    async def leave(self, part: str) -> None:
        """End a part that consumes politely, and not while it is still joining: nothing waits for it then."""
        process = self.system.processes[part]
        if not process.is_alive:
            return
        async with self.system.checker(process.service) as connection:
            since = await connection.fetchval("SELECT clock_timestamp()")
            await wait_until(lambda: connection.fetchval(ALL_MOVED, since), 60, 0.1, f"{part} consumes")
        await process.stop()

    async def rearm(self, part: str, **variables: str) -> None:
        """Let a part that consumes leave and start it with these variables."""
        await self.leave(part)
        await self.system.restart(part, **variables)

    async def dies_at_once(self, part: str) -> None:
        """Start a part that ends by itself before or after it became ready; returns when it has ended."""
        await self.leave(part)
        self.system.processes[part].spawn()
        await self.system.crashed(part)

    # Commands

    @asynccontextmanager
    async def load(self, commands: int, *, clients: int = 4, lines: int = 2) -> AsyncIterator[Load]:
        """`commands` commands on lines of a new need, while the block runs and to their end afterwards."""
        async with self.commands(lines=lines) as load:
            running = asyncio.create_task(load.commands(commands, clients))
            try:
                yield load
            except BaseException:
                running.cancel()
                raise
            await running

    @asynccontextmanager
    async def commands(self, *, lines: int = 2, quantity: str = "600") -> AsyncIterator[Load]:
        """A journalled source of commands on the lines of a new need; nothing is sent by itself."""
        seed = next(self._seeds)
        opened = await self.open_lines(lines, quantity)
        load = Load(self.system, replace(self.scenario, line_ids=opened), seed)
        self.journals.append(load.journal)
        try:
            yield load
        finally:
            await load.close()

    async def open_lines(self, lines: int, quantity: str) -> tuple[str, ...]:
        """Lines of a new, verified need."""
        async with (
            self.client(self.scenario.askers[0]) as voice,
            self.client(self.scenario.secretariat) as desk,
        ):
            need = await state_need(voice, self.scenario.crisis_id, lines=lines, quantity=quantity)
            (await desk.post("verify", f"/needs/{need['need_id']}/verify", {"level": 1})).expect(200)
        return tuple(line_id(line) for line in need["lines"])

    @asynccontextmanager
    async def client(
        self, party: Party, service: str = "crisis", *, is_checked: bool = True
    ) -> AsyncIterator[Client]:
        """A client with a journal of its own; unless `is_checked` the checkers do not look into it."""
        journal = Journal(self.system.folder / f"client-{next(self._seeds)}.jsonl")
        if is_checked and service == "crisis":
            self.journals.append(journal)
        try:
            async with Client(journal, self.system.url(service), party.key, party.organisation_id) as client:
                yield client
        finally:
            journal.close()

    def operations(self) -> list[Operation]:
        """Everything ever asked of the crisis service by this lab."""
        return [operation for journal in self.journals for operation in journal.operations()]

    # Looking

    async def check(self) -> None:
        """Wait for quiet; raises AssertionError with every violation of I1–I7 and R7."""
        findings = await self.violations()
        broken = [f"{name}: {each}" for name, found in findings.items() for each in found[:20]]
        assert not broken, "\n  ".join([f"{len(broken)} violations", *broken])

    async def violations(self) -> Findings:
        """Invariant → what breaks it, once the system is quiet."""
        await self.system.quiet(QUIET_SECONDS)
        return await self.findings()

    async def findings(self) -> Findings:
        """Invariant → what breaks it at this moment. If a clock spoke while this looked, it looks again."""
        for _ in range(LOOKS):
            before = await committed(self.system)
            findings = await self._look()
            if not any(findings.values()) or await committed(self.system) == before:
                break
        return findings

    async def _look(self) -> Findings:
        records = await self.records()
        async with (
            self.system.checker("crisis") as crisis,
            self.system.checker("registry") as registry,
            self.system.checker("notifications") as notifications,
        ):
            findings = await crisis_violations(self.operations(), records, crisis)
            ours = [record for record in records if record.topic.startswith("registry.")]
            findings["I4"] += await log.topics_hold_the_outbox(ours, registry)
            findings["R7"] = [
                *await applied.tally_is_exact(records, crisis),
                *await applied.inbox_is_complete(records, "board", applied.READ_BY["board"], crisis),
                *await applied.inbox_is_complete(
                    records, "notices", applied.READ_BY["notices"], notifications
                ),
            ]
        return findings

    @asynccontextmanager
    async def empty_beside(self, service: str) -> AsyncIterator[tuple[str, asyncpg.Connection]]:
        """A second, migrated and empty database of the service: its address, and a superuser's session."""
        name = f"{service}_beside_{next(self._seeds)}"
        self.system.postgres.create_database(name, owner=service)
        url = self.system.postgres.url(name, service)
        done = await self.system.attempt(service, "migrate", **{f"DATABASE_URL_{service.upper()}": url})
        assert done.returncode == 0, done.stdout + done.stderr
        connection = await asyncpg.connect(self.system.postgres.url(name), timeout=10)
        try:
            yield url, connection
        finally:
            await connection.close()

    async def records(self) -> list[KafkaRecord]:
        """Every fact in every topic, without what tests planted there."""
        return [each for each in await facts_in_topics(self.system) if PLANTED not in each.headers]

    async def metric(self, part: str, name: str, **labels: str) -> float:
        """Sum of a metric's samples with these labels, as the part's own /metrics says; 0 without any."""
        async with httpx.AsyncClient(timeout=10) as client:
            text = (await client.get(f"{self.system.processes[part].url}/metrics")).text
        wanted = [f'{label}="{value}"' for label, value in labels.items()]
        return sum(
            float(line.rpartition(" ")[2])
            for line in text.splitlines()
            if line.partition("{")[0].partition(" ")[0] == name and all(each in line for each in wanted)
        )

    def said(self, part: str, words: str) -> int:
        """How often the part has said these words since its log began."""
        log = self.system.processes[part].log
        return log.read_text(errors="replace").count(words) if log.exists() else 0

    async def board_hash(self) -> str:
        """One hash over the bytes of all cards, changes and totals."""
        async with self.system.checker("crisis") as connection:
            return await connection.fetchval(BOARD_HASH)


# Progress marks come every second, so a consumer that reads them moves at least so often.
ALL_MOVED = """
SELECT bool_and(moved) FROM (
    SELECT max(updated_at) > $1 AS moved FROM consumer_positions
    GROUP BY consumer HAVING bool_or(topic LIKE '%.progress.v1')) AS each
"""
BOARD_HASH = """
SELECT md5(
    (SELECT string_agg(line_id::text || sequence || is_parked || body::text, '' ORDER BY line_id)
     FROM board.board_card)
    || (SELECT string_agg(crisis_id::text || seq || card::text || what::text, '' ORDER BY crisis_id, seq)
        FROM board.board_change)
    || (SELECT string_agg(crisis_id::text || counts::text, '' ORDER BY crisis_id) FROM board.board_total))
"""
