"""Plays a scenario against the running system through its public APIs, at a chosen speed."""

import asyncio
import itertools
from collections import Counter
from dataclasses import dataclass, field

import httpx

from imece_local.demo.bodies import crisis_body, need_body, pledge_body
from imece_local.demo.calls import Answer, Calls, Stage
from imece_local.demo.cast import register
from imece_local.demo.scenario import Need, Organisation, Pledge, Scenario


@dataclass
class Player:
    """One run of one scenario."""

    stage: Stage
    scenario: Scenario
    calls: Calls
    keys: dict[str, str] = field(default_factory=dict[str, str])
    lines: dict[str, "asyncio.Future[str]"] = field(default_factory=dict)  # pyright: ignore[reportUnknownVariableType]
    counts: Counter[str] = field(default_factory=Counter[str])

    async def play(self) -> Answer:
        """Run the whole story; answers the crisis as opened."""
        loop = asyncio.get_running_loop()
        self.lines = {line.ref: loop.create_future() for need in self.scenario.needs for line in need.lines}
        await self._cast()
        crisis = await self._open_crisis()
        self.stage.say(f"crisis {crisis['crisis_no']} is open: {self.stage.crisis}/c/{crisis['crisis_no']}")
        start = loop.time()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._report(start))
            for need in self.scenario.needs:
                group.create_task(self._need(start, crisis["crisis_id"], need))
            for pledge in self.scenario.pledges:
                group.create_task(self._pledge(start, crisis["crisis_id"], pledge))
        return crisis

    async def _cast(self) -> None:
        self.stage.say(f"registering {len(self.scenario.organisations)} organisations")
        gate = asyncio.Semaphore(8)

        async def enter(organisation: Organisation) -> None:
            async with gate:
                self.keys[organisation.ref] = (await register(self.calls, self.stage, organisation)).key

        await asyncio.gather(*(enter(organisation) for organisation in self.scenario.organisations))

    async def _open_crisis(self) -> Answer:
        area = {f"TUR0{need.plate}" for need in self.scenario.needs}
        return await self.calls.post(
            f"{self.stage.crisis}/crises", self.stage.secretariat_key, "crisis", crisis_body(area)
        )

    async def _need(self, start: float, crisis_id: str, need: Need) -> None:
        await self._until(start, need.at)
        submitted = await self.calls.post(
            f"{self.stage.crisis}/crises/{crisis_id}/needs",
            self.keys[need.asker],
            need.ref,
            need_body(f"TUR0{need.plate}", need.urgency, need.lines),
        )
        await self._until(start, need.verified_at)
        await self.calls.post(
            f"{self.stage.crisis}/needs/{submitted['need_id']}/verify",
            self.stage.secretariat_key,
            f"{need.ref}-verify",
            {"level": 1},
        )
        for line, entered in zip(need.lines, submitted["lines"], strict=True):
            self.lines[line.ref].set_result(str(entered["need_line_id"]))
        self.counts["needs"] += 1

    async def _pledge(self, start: float, crisis_id: str, pledge: Pledge) -> None:
        await self._until(start, pledge.at)
        key = self.keys[pledge.organisation]
        promised = await self.calls.post(
            f"{self.stage.crisis}/crises/{crisis_id}/pledges",
            key,
            pledge.ref,
            pledge_body(await self.lines[pledge.line], pledge.quantity, pledge.unit, pledge.origin),
        )
        self.counts[promised["state"]] += 1
        if promised["state"] != "proposed" or pledge.fate == "silence":
            return
        await self._until(start, pledge.answered_at)
        await self._answer(start, key, pledge, str(promised["allocation_id"]))

    async def _answer(self, start: float, key: str, pledge: Pledge, allocation: str) -> None:
        desk = self.stage.secretariat_key
        path = f"{self.stage.crisis}/allocations/{allocation}"
        if pledge.fate == "decline":
            await self.calls.post(f"{path}/decline", desk, f"{pledge.ref}-decline", {"reason": "too_far"})
            self.counts["declined"] += 1
            return
        body: Answer = {"rest": "decline"}
        if pledge.fate == "part" and pledge.quantity > 1:
            body["quantity"] = str(pledge.quantity // 2)
        held = await self.calls.post(f"{path}/accept", desk, f"{pledge.ref}-accept", body, allow={409})
        if held.get("state") != "held":
            await self.calls.post(
                f"{path}/decline", desk, f"{pledge.ref}-full", {"reason": "gap_covered"}, allow={409}
            )
            self.counts["refused, gap covered"] += 1
            return
        self.counts["held"] += 1
        if pledge.withdrawn_at is not None:
            await self._until(start, pledge.withdrawn_at)
            taken_back = f"{self.stage.crisis}/allocations/{held['allocation_id']}/withdraw"
            await self.calls.post(taken_back, key, f"{pledge.ref}-withdraw", {"reason": "transport_lost"})
            self.counts["withdrawn"] += 1

    async def _until(self, start: float, story_time: float) -> None:
        remaining = start + story_time / self.stage.speed - asyncio.get_running_loop().time()
        await asyncio.sleep(max(0.0, remaining))

    async def _report(self, start: float) -> None:
        end = self.scenario.duration
        for part in itertools.count(1):
            await self._until(start, min(end, part * end / 20))
            told = ", ".join(f"{number} {what}" for what, number in sorted(self.counts.items())) or "quiet"
            self.stage.say(f"{min(100, part * 5):3d} %  {told}")
            if part >= 20:
                return


async def play(stage: Stage, scenario: Scenario) -> Answer:
    """Play `scenario` on `stage`; answers the opened crisis. Raises DemoFailed with the last answer."""
    limits = httpx.Limits(max_connections=24, max_keepalive_connections=24)
    async with httpx.AsyncClient(timeout=30, limits=limits, trust_env=False) as client:
        return await Player(stage, scenario, Calls(client, stage.run)).play()
