"""The crisis application in this process, on a fresh database, with keys that exist only here."""

import itertools
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from crisis.settings import Settings
from crisis.usecases.tools import Tools
from crisis.wiring import app
from imece_chassis.access import keys
from imece_chassis.access.caller import Caller
from imece_chassis.clock import FixedClock
from imece_chassis.database import Database
from imece_chassis.ids import lower_bound
from imece_chassis.settings import DEVELOPMENT_PEPPER
from tests.db.crisis.world import NOW, TENT, caller


class Keys:
    """A CredentialSource that is always fresh."""

    age_seconds = 0.0

    def __init__(self) -> None:
        self._callers: dict[bytes, Caller] = {}

    def lookup(self, digest: bytes) -> Caller | None:
        return self._callers.get(digest)

    def issue(self, who: Caller) -> str:
        key = keys.new_key(live=False)
        self._callers[keys.digest(DEVELOPMENT_PEPPER, key)] = who
        return key


def minted_in(ahead: timedelta) -> UUID:
    """An id as a clock mints it that is fast by so much."""
    return lower_bound((time.time_ns() // 1_000_000) + round(ahead.total_seconds() * 1000))


@dataclass(frozen=True)
class Api:
    """A client of one organisation. `post` mints an Idempotency-Key unless one is given."""

    client: httpx.AsyncClient
    keys: Keys
    clock: FixedClock
    who: Caller
    key: str
    database: Database
    language: str = "en"
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def member(self, *roles: str, provinces: frozenset[str] = frozenset()) -> "Api":
        who = caller(*roles, provinces=provinces)
        return replace(self, who=who, key=self.keys.issue(who))

    def newcomer(self, *roles: str) -> "Api":
        """A key of the same organisation with no rights but these."""
        who = replace(caller(*roles), organisation_id=self.who.organisation_id)
        return replace(self, who=who, key=self.keys.issue(who))

    def colleague(self) -> "Api":
        """Another key of the same organisation with the same rights."""
        who = replace(self.who, key_id=uuid.uuid4())
        return replace(self, who=who, key=self.keys.issue(who))

    def in_turkish(self) -> "Api":
        return replace(self, language="tr")

    def headers(self, **more: str) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"authorization": f"Bearer {self.key}", "accept-language": self.language, **named}

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self.client.get(path, headers=self.headers(), params=params)

    async def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        minted = {"idempotency_key": str(uuid.uuid4()), **headers}
        return await self.client.post(path, json={} if body is None else body, headers=self.headers(**minted))

    async def put(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return await self.client.put(path, json=body, headers=self.headers(**headers))

    async def bulk(self, path: str, lines: bytes) -> httpx.Response:
        headers = self.headers(content_type="application/x-ndjson")
        return await self.client.post(path, content=lines, headers=headers)

    def tents(self, quantity: str = "1000", **changes: Any) -> dict[str, Any]:
        needed_by = (self.clock.now() + timedelta(days=3)).isoformat()
        line = {"item_code": TENT, "quantity": quantity, "unit": "adet", "needed_by": needed_by}
        return {**line, **changes}


@dataclass(frozen=True)
class Scene:
    """An open crisis with one open line of 1,000 tents."""

    office: Api
    asker: Api
    pledger: Api
    crisis_id: UUID
    need_id: UUID
    line: UUID

    @property
    def pledges(self) -> str:
        return f"/crises/{self.crisis_id}/pledges"

    def pledge(self, quantity: str = "200", **changes: Any) -> dict[str, Any]:
        body = {"need_line_id": str(self.line), "quantity": quantity, "unit": "adet", "origin": "TUR006"}
        return {**body, **changes}

    async def pledged(self, quantity: str = "200", **changes: Any) -> dict[str, Any]:
        answer = await self.pledger.post(self.pledges, self.pledge(quantity, **changes))
        assert answer.status_code == 201, answer.text
        return answer.json()


CRISIS = {
    "title": {"tr": "Deneme depremi", "en": "Test earthquake", "ar": "زلزال"},
    "hazard": "earthquake",
    "area": ["TUR031"],
    "severity": "red",
    "level": "S3",
}


@pytest.fixture
async def office(database: Callable[[str], str]) -> AsyncIterator[Api]:
    """A client of the secretariat."""
    async with serving(database("crisis")) as api:
        yield api


@asynccontextmanager
async def serving(url: str) -> AsyncIterator[Api]:
    """A client of the secretariat of an application on this database."""
    settings = Settings.model_validate({"database_url": url, "env": "test", "on_behalf": "on"})
    clock, issued, who = FixedClock(NOW), Keys(), caller("secretariat")
    application = app(settings, tools=Tools(clock), credentials=issued)
    async with application.router.lifespan_context(application):
        transport = httpx.ASGITransport(app=application)
        async with httpx.AsyncClient(transport=transport, base_url="http://crisis") as client:
            yield Api(client, issued, clock, who, issued.issue(who), application.state.database)


async def staged(office: Api) -> Scene:
    """A new crisis with an open line, played by new organisations that speak the office's language."""
    asker, pledger = office.member("asker"), office.member("pledger")
    crisis = (await office.post("/crises", CRISIS)).json()
    body = {"district": "TUR031005", "urgency": "urgent", "lines": [office.tents()]}
    need = (await asker.post(f"/crises/{crisis['crisis_id']}/needs", body)).json()
    verified = await office.post(f"/needs/{need['need_id']}/verify", {"level": 1})
    assert verified.status_code == 200, verified.text
    line = need["lines"][0]["need_line_id"]
    return Scene(office, asker, pledger, crisis["crisis_id"], need["need_id"], line)


@pytest.fixture
async def scene(office: Api) -> Scene:
    return await staged(office)
