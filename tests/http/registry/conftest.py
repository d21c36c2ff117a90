"""The registry's application in this process, on a fresh database, with a clock that waits to be told."""

import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from imece_chassis.clock import FixedClock
from imece_chassis.database import Database, Transaction
from imece_chassis.ids import uuid7
from registry.domain.organisations import Particulars
from registry.settings import Settings
from registry.usecases.bootstrap import Bootstrap, Bootstrapped, bootstrap
from registry.wiring import app, mint_of

NOW = datetime(2026, 2, 6, 6, 12, tzinfo=UTC)
OFFICE = Particulars("federasyon", "Ortak Sekretarya", "06")


@dataclass
class Api:
    """A client of one key. `post` mints an Idempotency-Key unless one is given."""

    client: httpx.AsyncClient
    clock: FixedClock
    key: str
    language: str = "en"

    def with_key(self, key: str, language: str | None = None) -> "Api":
        return Api(self.client, self.clock, key, language or self.language)

    def headers(self, **more: str) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"authorization": f"Bearer {self.key}", "accept-language": self.language, **named}

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.client.get(path, headers=self.headers(**headers))

    async def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        minted = {"idempotency_key": str(uuid.uuid4()), **headers}
        return await self.client.post(path, json={} if body is None else body, headers=self.headers(**minted))

    async def patch(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return await self.client.patch(path, json=body, headers=self.headers(**headers))

    async def delete(self, path: str, **headers: str) -> httpx.Response:
        return await self.client.delete(path, headers=self.headers(**headers))

    async def organisation(self, name: str = "Örnek Derneği", *, is_active: bool = True) -> str:
        """The id of a new organisation in Hatay."""
        body = {"kind": "dernek", "legal_name": name, "seat_province": "31"}
        made = (await self.post("/organisations", body)).json()["organisation_id"]
        if is_active:
            await self.post(f"/organisations/{made}/activate", {"basis": "Karar 1"})
        return made

    async def member(self, organisation_id: str, *roles: str, mode: str = "live") -> tuple["Api", str]:
        """A client of a new integration with these roles, and the integration's id."""
        body = {"name": "Depo yazılımı", "roles": roles}
        made = await self.post(f"/organisations/{organisation_id}/integrations", body)
        integration_id = made.json()["integration_id"]
        key = await self.post(f"/integrations/{integration_id}/keys", {"mode": mode})
        return self.with_key(key.json()["key"]), integration_id


@pytest.fixture
async def office(database: Callable[[str], str]) -> AsyncIterator[Api]:
    """A client of the secretariat."""
    settings = Settings.model_validate({"database_url": database("registry"), "env": "test"})
    clock = FixedClock(NOW)
    application = app(settings, clock=clock)
    async with application.router.lifespan_context(application):
        db: Database = application.state.database

        async def work(tx: Transaction) -> Bootstrapped:
            return await bootstrap(tx, Bootstrap(OFFICE), mint_of(settings), clock.now(), uuid7)

        made = await db.unit_of_work(work)
        transport = httpx.ASGITransport(app=application)
        async with httpx.AsyncClient(transport=transport, base_url="http://registry") as client:
            yield Api(client, clock, made.key or "")
