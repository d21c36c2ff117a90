"""Plays a scenario against the running system through its public APIs, at a chosen speed.

Every call carries an idempotency key of this run, so a call repeated after a cut connection has one effect.
"""

import asyncio
import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from imece_local.demo.scenario import Need, Organisation, Pledge, Scenario

ATTEMPTS = 5
HOURS_LEFT = {"life_saving": 12, "urgent": 36, "normal": 96}
Answer = dict[str, Any]


class DemoFailed(RuntimeError):
    """The system answered something the story cannot go on from."""


@dataclass
class Stage:
    """Where the demo plays: base URLs, the secretariat's key, the run's name (prefix of idempotency keys)."""

    registry: str
    crisis: str
    secretariat_key: str
    run: str
    speed: float
    say: Callable[[str], None]


@dataclass
class Player:
    """One run of one scenario."""

    stage: Stage
    scenario: Scenario
    client: httpx.AsyncClient
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
                self.keys[organisation.ref] = await self._register(organisation)

        await asyncio.gather(*(enter(organisation) for organisation in self.scenario.organisations))

    async def _register(self, organisation: Organisation) -> str:
        entered = await self._registry(
            organisation.ref,
            "/organisations",
            kind="dernek",
            legal_name=organisation.name,
            seat_province=organisation.plate,
            provinces=[organisation.plate],
        )
        path = f"/organisations/{entered['organisation_id']}"
        await self._registry(f"{organisation.ref}-activate", f"{path}/activate", basis="demo")
        integration = await self._registry(
            f"{organisation.ref}-integration", f"{path}/integrations", name="demo", roles=["asker", "pledger"]
        )
        issued = await self._registry(
            f"{organisation.ref}-key", f"/integrations/{integration['integration_id']}/keys", mode="test"
        )
        return str(issued["key"])

    async def _registry(self, ref: str, path: str, **body: Any) -> Answer:
        return await self._post(f"{self.stage.registry}{path}", self.stage.secretariat_key, ref, body)

    async def _open_crisis(self) -> Answer:
        return await self._post(
            f"{self.stage.crisis}/crises",
            self.stage.secretariat_key,
            "crisis",
            {
                "title": {"tr": "Gösteri depremi", "en": "Demonstration earthquake", "ar": "زلزال تجريبي"},
                "hazard": "earthquake",
                "area": sorted({f"TUR0{need.plate}" for need in self.scenario.needs}),
                "severity": "red",
                "level": "S3",
            },
        )

    async def _need(self, start: float, crisis_id: str, need: Need) -> None:
        await self._until(start, need.at)
        needed_by = datetime.now(UTC) + timedelta(
            hours={"life_saving": 12, "urgent": 36, "normal": 96}[need.urgency]
        )
        submitted = await self._post(
            f"{self.stage.crisis}/crises/{crisis_id}/needs",
            self.keys[need.asker],
            need.ref,
            {
                "district": f"TUR0{need.plate}",
                "urgency": need.urgency,
                "lines": [
                    {
                        "item_code": line.item,
                        "quantity": str(line.quantity),
                        "unit": line.unit,
                        "needed_by": needed_by.isoformat(timespec="seconds"),
                    }
                    for line in need.lines
                ],
            },
        )
        await self._until(start, need.verified_at)
        await self._post(
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
        promised = await self._post(
            f"{self.stage.crisis}/crises/{crisis_id}/pledges",
            key,
            pledge.ref,
            {
                "need_line_id": await self.lines[pledge.line],
                "quantity": str(pledge.quantity),
                "unit": pledge.unit,
                "origin": pledge.origin,
                "ready_within_minutes": 360,
                "has_transport": True,
            },
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
            await self._post(f"{path}/decline", desk, f"{pledge.ref}-decline", {"reason": "too_far"})
            self.counts["declined"] += 1
            return
        body: Answer = {"rest": "decline"}
        if pledge.fate == "part" and pledge.quantity > 1:
            body["quantity"] = str(pledge.quantity // 2)
        held = await self._post(f"{path}/accept", desk, f"{pledge.ref}-accept", body, allow={409})
        if held.get("state") != "held":
            await self._post(
                f"{path}/decline", desk, f"{pledge.ref}-full", {"reason": "gap_covered"}, allow={409}
            )
            self.counts["refused, gap covered"] += 1
            return
        self.counts["held"] += 1
        if pledge.withdrawn_at is not None:
            await self._until(start, pledge.withdrawn_at)
            taken_back = f"{self.stage.crisis}/allocations/{held['allocation_id']}/withdraw"
            await self._post(taken_back, key, f"{pledge.ref}-withdraw", {"reason": "transport_lost"})
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

    async def _post(
        self, url: str, key: str, ref: str, body: Answer, allow: frozenset[int] | set[int] = frozenset()
    ) -> Answer:
        headers = {"authorization": f"Bearer {key}", "idempotency-key": f"{self.stage.run}-{ref}"}
        for attempt in itertools.count(1):
            try:
                response = await self.client.post(url, json=body, headers=headers)
            except httpx.TransportError as error:
                if attempt >= ATTEMPTS:
                    raise DemoFailed(f"{url}: {error!r}") from error
                await asyncio.sleep(attempt * 0.5)
                continue
            if response.is_success or response.status_code in allow:
                return dict(response.json())
            is_passing = response.status_code in (401, 403, 409, 429, 503) and attempt < ATTEMPTS
            if not is_passing:
                raise DemoFailed(f"{url} answered {response.status_code}: {response.text[:400]}")
            await asyncio.sleep(attempt * 0.5)
        raise AssertionError("unreachable")


async def play(stage: Stage, scenario: Scenario) -> Answer:
    """Play `scenario` on `stage`; answers the opened crisis. Raises DemoFailed with the last answer."""
    limits = httpx.Limits(max_connections=24, max_keepalive_connections=24)
    async with httpx.AsyncClient(timeout=30, limits=limits, trust_env=False) as client:
        return await Player(stage, scenario, client).play()
