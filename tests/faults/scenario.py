"""What a fault test stands on: organisations with keys, one crisis, open needs; all through public APIs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.faults.client import Client
from tests.faults.journal import Journal
from tests.waiting import wait_until

if TYPE_CHECKING:
    from tests.faults.harness import System

ITEM, UNIT = "SHL-TENT-FAM", "adet"
PROVINCE, DISTRICT, ORIGIN = "31", "TUR031", "TUR006"
MOST_HELD = 100_000


@dataclass(frozen=True)
class Party:
    """One organisation with a key of one integration."""

    organisation_id: str
    key: str
    key_url: str = ""
    """Path of the key in the registry."""


@dataclass(frozen=True)
class Scenario:
    """`secretariat` opens, verifies and answers; `askers` state needs; `pledgers` promise."""

    secretariat: Party
    askers: tuple[Party, ...]
    pledgers: tuple[Party, ...]
    crisis_id: str
    need_ids: tuple[str, ...]
    line_ids: tuple[str, ...]
    requested: dict[str, str] = field(default_factory=dict[str, str])


async def prepare(
    system: System, *, pledgers: int = 3, needs: int = 1, lines: int = 1, quantity: str = "1000"
) -> Scenario:
    """Register, activate, give keys, open a crisis, state and verify needs; returns when all keys work."""
    boot = await system.bootstrap()
    secretariat = Party(boot["organisation_id"], boot["key"])
    journal = Journal(system.folder / "preparation.jsonl")
    try:
        async with (
            Client(journal, system.url("registry"), secretariat.key, secretariat.organisation_id) as registry,
            Client(journal, system.url("crisis"), secretariat.key, secretariat.organisation_id) as desk,
        ):
            asker = await enrol(registry, "Hatay Dayanışma Derneği", ["asker"])
            givers = [await enrol(registry, f"Yardım Derneği {n + 1}", ["pledger"]) for n in range(pledgers)]
            for party in (secretariat, asker, *givers):
                await _key_works(system, journal, party)
            crisis = await open_crisis(desk)
            async with Client(journal, system.url("crisis"), asker.key, asker.organisation_id) as voice:
                stated = [
                    await state_need(voice, crisis, lines=lines, quantity=quantity) for _ in range(needs)
                ]
            for need in stated:
                (await desk.post("verify", f"/needs/{need['need_id']}/verify", {"level": 1})).expect(200)
    finally:
        journal.close()
    line_ids = tuple(line_id(line) for need in stated for line in need["lines"])
    return Scenario(
        secretariat,
        (asker,),
        tuple(givers),
        crisis,
        tuple(need["need_id"] for need in stated),
        line_ids,
        dict.fromkeys(line_ids, quantity),
    )


async def enrol(registry: Client, name: str, roles: list[str]) -> Party:
    """An active association with one integration of these roles and a test key."""
    body = {"kind": "dernek", "legal_name": name, "seat_province": PROVINCE, "provinces": [PROVINCE]}
    made = (await registry.post("register", "/organisations", body)).expect(201)
    place = f"/organisations/{made['organisation_id']}"
    (await registry.post("activate", f"{place}/activate", {"basis": "registered association"})).expect(200)
    wish = {"name": "fault test", "roles": roles}
    integration = (await registry.post("integrate", f"{place}/integrations", wish)).expect(201)
    keys = f"/integrations/{integration['integration_id']}/keys"
    key = (await registry.post("key", keys, {"mode": "test"})).expect(201)
    return Party(made["organisation_id"], key["key"], f"{keys}/{key['key_id']}")


async def open_crisis(desk: Client) -> str:
    """A red earthquake in Hatay where nobody is told of hoarding, however long tests go on; its id."""
    body = {
        "title": {"tr": "Hatay depremi", "en": "Hatay earthquake"},
        "hazard": "earthquake",
        "area": [DISTRICT],
        "severity": "red",
    }
    crisis_id = (await desk.post("open crisis", "/crises", body)).expect(201)["crisis_id"]
    limits = {"limits": {"open_held": MOST_HELD}}
    (await desk.post("settings", f"/crises/{crisis_id}/settings", limits)).expect(200)
    return crisis_id


async def state_need(voice: Client, crisis_id: str, *, lines: int, quantity: str) -> dict[str, Any]:
    """A submitted need with `lines` lines of tents; the answer of the API."""
    by = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    line = {"item_code": ITEM, "quantity": quantity, "unit": UNIT, "needed_by": by}
    body = {"district": DISTRICT, "urgency": "urgent", "lines": [line] * lines}
    return (await voice.post("need", f"/crises/{crisis_id}/needs", body)).expect(201)


def line_id(line: dict[str, Any]) -> str:
    """The id of a line as the API names it."""
    return line["need_line_id"] if "need_line_id" in line else line["line_id"]


async def _key_works(system: System, journal: Journal, party: Party) -> None:
    """Keys reach the crisis service through Kafka; wait until it knows this one."""
    async with Client(journal, system.url("crisis"), party.key, party.organisation_id) as client:

        async def known() -> bool:
            return (await client.get("/crises")).status_code == 200

        await wait_until(known, 30, 0.1, "the crisis service knows the key")
