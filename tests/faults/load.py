"""A seeded mix of commands by several clients at once, each one journalled and repeated until decided."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx

from tests.faults.client import Client
from tests.faults.journal import Journal
from tests.faults.scenario import ORIGIN, UNIT, Scenario

if TYPE_CHECKING:
    from tests.faults.harness import System

# Shares of one hundred commands; the rest are reads.
PLEDGE, ACCEPT, DECLINE, WITHDRAW = 50, 25, 8, 8
DUPLICATE = 0.02


class Load:
    """Commands of all parties of a scenario. `journal` is what the checkers read."""

    def __init__(self, system: System, scenario: Scenario, seed: int = 1) -> None:
        self.scenario = scenario
        self.journal = Journal(system.folder / f"journal-{seed}.jsonl")
        self.decided = 0
        self._random = random.Random(seed)
        url = system.url("crisis")
        self._desk = Client(self.journal, url, scenario.secretariat.key, scenario.secretariat.organisation_id)
        self._givers = [Client(self.journal, url, p.key, p.organisation_id) for p in scenario.pledgers]
        self._proposed: list[tuple[str, Client]] = []
        self._held: list[tuple[str, Client]] = []

    @asynccontextmanager
    async def running(self, clients: int = 4) -> AsyncIterator[None]:
        """Load while the block runs; afterwards every command begun is brought to its decision."""
        stop = asyncio.Event()
        workers = [asyncio.create_task(self._work(stop)) for _ in range(clients)]
        try:
            yield
        finally:
            stop.set()
            await asyncio.gather(*workers)

    async def commands(self, count: int, clients: int = 4) -> None:
        """Run exactly `count` commands."""
        todo = iter(range(count))

        async def work() -> None:
            for _ in todo:
                await self.one()

        await asyncio.gather(*(work() for _ in range(clients)))

    async def close(self) -> None:
        """Close the connections; the journal stays readable."""
        for client in (self._desk, *self._givers):
            await client.__aexit__()
        self.journal.close()

    async def one(self) -> None:
        """One command of the mix, decided."""
        draw = self._random.randrange(100)
        if draw < PLEDGE or not (self._proposed or self._held):
            await self._pledge()
        elif draw < PLEDGE + ACCEPT and self._proposed:
            await self._accept()
        elif draw < PLEDGE + ACCEPT + DECLINE and self._proposed:
            await self._decline()
        elif draw < PLEDGE + ACCEPT + DECLINE + WITHDRAW and self._held:
            await self._withdraw()
        else:
            with contextlib.suppress(httpx.TransportError):
                await self._desk.get(f"/crises/{self.scenario.crisis_id}/needs")
        self.decided += 1

    async def _work(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await self.one()

    async def _pledge(self) -> None:
        giver = self._random.choice(self._givers)
        line = self._random.choice(self.scenario.line_ids)
        quantity = str(self._random.randint(1, 40))
        body = {"need_line_id": line, "quantity": quantity, "unit": UNIT, "origin": ORIGIN}
        facts = {"need_line_id": line, "quantity": quantity}
        answer = await self._command(
            giver, "pledge", f"/crises/{self.scenario.crisis_id}/pledges", body, facts
        )
        if answer is not None and answer["state"] == "proposed":
            self._proposed.append((answer["allocation_id"], giver))

    async def _accept(self) -> None:
        allocation, giver = self._take(self._proposed)
        body: dict[str, Any] = {"rest": self._random.choice(["decline", "waitlist"])}
        answer = await self._command(self._desk, "accept", f"/allocations/{allocation}/accept", body)
        if answer is not None:
            self._held.append((answer["allocation_id"], giver))

    async def _decline(self) -> None:
        allocation, _ = self._take(self._proposed)
        await self._command(
            self._desk, "decline", f"/allocations/{allocation}/decline", {"reason": "not_suitable"}
        )

    async def _withdraw(self) -> None:
        allocation, giver = self._take(self._held)
        await self._command(
            giver, "withdraw", f"/allocations/{allocation}/withdraw", {"reason": "stock_gone"}
        )

    def _take(self, pool: list[tuple[str, Client]]) -> tuple[str, Client]:
        return pool.pop(self._random.randrange(len(pool)))

    async def _command(
        self, client: Client, op: str, path: str, body: Any, facts: dict[str, Any] | None = None
    ) -> Any:
        key = f"{op}-{self._random.getrandbits(96):024x}"
        decision = await client.post(op, path, body, facts=facts, key=key)
        if decision.verdict != "info" and self._random.random() < DUPLICATE:
            await client.repeat(op, path, body, key, decision.id)
        return decision.body if decision.verdict == "ok" else None
