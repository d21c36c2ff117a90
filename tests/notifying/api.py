"""The HTTP application on a fresh database, and callers of organisations with a key each."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx

from imece_chassis.access import keys
from imece_chassis.access.authenticator import Authenticator
from imece_chassis.access.caller import Caller
from imece_chassis.ids import uuid7
from notifications.settings import NotificationsSettings
from notifications.wiring import app
from tests.notifying.service import MASTER_KEY

PEPPER = "a pepper for tests of at least 32 characters"
SCOPES = frozenset({"notify:webhook", "events:read"})


class Source:
    """Credentials in memory."""

    age_seconds = 0.0

    def __init__(self) -> None:
        self.callers: dict[bytes, Caller] = {}

    def lookup(self, digest: bytes) -> Caller | None:
        return self.callers.get(digest)


@dataclass
class Api:
    """A client without key, and `organisation()` for one with a key of an organisation."""

    transport: httpx.ASGITransport
    source: Source
    clients: list[httpx.AsyncClient] = field(default_factory=list[httpx.AsyncClient])

    def client(self, **headers: str) -> httpx.AsyncClient:
        made = httpx.AsyncClient(
            transport=self.transport, base_url="http://notifications.test", headers=headers, trust_env=False
        )
        self.clients.append(made)
        return made

    def organisation(
        self, organisation_id: UUID | None = None, *, scopes: frozenset[str] = SCOPES, language: str = "tr"
    ) -> httpx.AsyncClient:
        key = keys.new_key(live=False)
        self.source.callers[keys.digest(PEPPER, key)] = Caller(
            key_id=uuid7(),
            integration_id=uuid7(),
            organisation_id=organisation_id or uuid7(),
            scopes=scopes,
            is_test=True,
        )
        return self.client(**{"authorization": f"Bearer {key}", "accept-language": language})


def settings_for(url: str, **changes: Any) -> NotificationsSettings:
    """Settings of a test process: webhooks to this machine are permitted."""
    given: dict[str, Any] = {
        "env": "test",
        "database_url": url,
        "api_key_pepper": PEPPER,
        "master_key": base64.b64encode(MASTER_KEY).decode(),
        "webhook_allow_http": True,
        "webhook_allowed_subnets": "127.0.0.0/8",
        "public_board_url": "https://board.example",
        "public_notifications_url": "https://bildirim.example",
        **changes,
    }
    return NotificationsSettings(**given)


@asynccontextmanager
async def serving(settings: NotificationsSettings) -> AsyncIterator[Api]:
    """The application with its lifespan, and credentials from memory instead of the mirror."""
    application = app(settings)
    async with application.router.lifespan_context(application):
        source = Source()
        application.state.access = Authenticator(source, PEPPER)
        api = Api(httpx.ASGITransport(application), source)
        try:
            yield api
        finally:
            for client in api.clients:
                await client.aclose()


def fresh_key() -> dict[str, str]:
    """Headers of a command that was never sent before."""
    return {"idempotency-key": str(uuid4())}
