"""The registry's composition root: the only place that knows which concrete parts work together."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI

from imece_chassis.access.authenticator import Authenticator
from imece_chassis.cli import Service
from imece_chassis.clock import Clock, SystemClock
from imece_chassis.database import WORKER_STATEMENT_TIMEOUT_MS, Database, Transaction
from imece_chassis.http.app import create_app
from imece_chassis.http.paging import Cursors
from imece_chassis.http.problems import refusals_in
from imece_chassis.ids import uuid7
from imece_chassis.migrations import CHASSIS, Component
from imece_chassis.relay import Relay
from imece_chassis.runtime import Role
from imece_contracts.topics import REGISTRY_PROGRESS
from imece_reference import refusals as reference_refusals
from registry.domain import refusals
from registry.http import grants, index, integrations, keys, lists, me, organisations
from registry.http.parts import Parts
from registry.settings import Settings
from registry.store.credentials import OwnCredentials
from registry.wiring.commands import audit_verify_command, bootstrap_command, mint_of

DESCRIPTION = """Organisations of civil society, the programs that act for them, their rights and their keys.

Every POST carries an `Idempotency-Key`; repeating a request with the same key repeats the answer, not the
effect. Changes answer with an `ETag`; send it back as `If-Match` and a change made meanwhile by somebody is
refused with 412. Errors are problem documents (RFC 9457) in Turkish or English, by `Accept-Language`.
"""


def app(settings: Settings, *, clock: Clock | None = None) -> FastAPI:
    """The HTTP application; its lifespan opens and closes the database."""
    time = clock or SystemClock()

    @asynccontextmanager
    async def lifespan(application: FastAPI) -> AsyncGenerator[None]:
        database = await Database.connect(
            settings.database_url, application="registry api", max_size=settings.database_pool_size
        )
        pepper = settings.api_key_pepper
        application.state.database = database
        application.state.access = Authenticator(OwnCredentials(database), pepper, clock=time)
        application.state.parts = Parts(
            database, time, uuid7, mint_of(settings), Cursors(pepper, "organisations")
        )
        try:
            yield
        finally:
            await database.close()

    async def database_answers() -> None:
        async def work(tx: Transaction) -> None:
            await tx.fetchval("select 1")

        await application.state.database.snapshot(work)

    application = create_app(
        service="registry",
        title="Imece registry",
        version=index.VERSION,
        description=DESCRIPTION,
        routers=[
            index.router,
            lists.router,
            me.router,
            integrations.router,
            organisations.router,
            keys.router,
            grants.router,
        ],
        lifespan=lifespan,
        checks={"database": database_answers},
        problems=[*refusals_in(refusals), *refusals_in(reference_refusals)],
    )
    return application


def open_relay(settings: Settings) -> AbstractAsyncContextManager[Role]:
    """The role that moves outbox rows to Kafka in order."""

    @asynccontextmanager
    async def opened() -> AsyncGenerator[Role]:
        database = await Database.connect(
            settings.database_url,
            application="registry relay",
            statement_timeout_ms=WORKER_STATEMENT_TIMEOUT_MS,
        )
        try:
            yield Relay(database, settings.kafka_bootstrap, REGISTRY_PROGRESS, lanes=settings.relay_lanes)
        finally:
            await database.close()

    return opened()


SERVICE = Service(
    name="registry",
    settings_class=Settings,
    components=(CHASSIS, Component("registry", "registry.migrations")),
    roles={"relay": open_relay},
    app=app,
    commands={"bootstrap": bootstrap_command, "audit-verify": audit_verify_command},
    progress_topic=REGISTRY_PROGRESS,
)
