"""The composition root of the crisis service: the one place that knows which concrete parts work together."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

from fastapi import FastAPI

from crisis.consumers.registry import registry_consumers
from crisis.consumers.timers import effects
from crisis.domain import refusals
from crisis.domain.states import refuse_unfinished_states
from crisis.http import allocations, crises, items, needs, pledges
from crisis.http.parts import Parts
from crisis.http.views import promised_answer
from crisis.settings import Settings
from crisis.store import checks
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.propose_allocations import ProposeAllocations
from crisis.usecases.tools import Tools, real_tools
from imece_chassis.access.authenticator import Authenticator
from imece_chassis.access.caller import CredentialSource
from imece_chassis.access.view import AccessView
from imece_chassis.batching import Batcher
from imece_chassis.cli import Service
from imece_chassis.consumer import ConsumerRunner
from imece_chassis.database import Database, Transaction
from imece_chassis.deadlines import DeadlineWorker
from imece_chassis.http.app import create_app
from imece_chassis.http.paging import Cursors
from imece_chassis.http.problems import refusals_in
from imece_chassis.migrations import CHASSIS, Component
from imece_chassis.relay import Relay
from imece_chassis.runtime import Role
from imece_contracts.topics import CRISIS_PROGRESS
from imece_reference import refusals as reference_refusals

VERSION = "0.1.0"
PLEDGES_PER_TRANSACTION = 64
TRANSACTIONS_IN_FLIGHT = 2
CHECK_TIMEOUT_MS = 10 * 60 * 1000  # the whole history is read once
LISTS = ("crises", "needs", "pledges")
DESCRIPTION = """Crises, what is missing where, who promised what, and what became of it.

Every POST carries an `Idempotency-Key`; repeating a request with the same key repeats the answer, not the
effect. A 2xx answer is durably stored. Quantities are decimal text. Errors are problem documents (RFC 9457)
in Turkish or English, by `Accept-Language`; a refused quantity always says how much there is room for.
"""


def app(
    settings: Settings, *, tools: Tools | None = None, credentials: CredentialSource | None = None
) -> FastAPI:
    """The HTTP application; its lifespan opens and closes the database and keeps the copy of keys fresh.

    Tests pass their own tools and credentials.
    """
    refuse_unfinished_states()

    @asynccontextmanager
    async def lifespan(application: FastAPI) -> AsyncGenerator[None]:
        database = await _connect(settings, "api", settings.database_pool_size)
        parts = parts_on(database, settings, tools or real_tools())
        application.state.database = database
        application.state.parts = parts
        async with _credentials(database, credentials) as source:
            application.state.access = Authenticator(source, settings.api_key_pepper)
            try:
                yield
            finally:
                await parts.pledges.close()
                await database.close()

    application = create_app(
        service="crisis",
        title="Imece crisis",
        version=VERSION,
        description=DESCRIPTION,
        routers=[crises.router, needs.router, pledges.router, allocations.router, items.router],
        lifespan=lifespan,
        checks={"database": lambda: _answers(application.state.database)},
        problems=[*refusals_in(refusals), *refusals_in(reference_refusals)],
    )
    return application


def parts_on(database: Database, settings: Settings, tools: Tools) -> Parts:
    """What the routes need, on one database."""
    propose = ProposeAllocations(database, tools, promised_answer)
    return Parts(
        database=database,
        tools=tools,
        propose=propose,
        pledges=Batcher(propose, PLEDGES_PER_TRANSACTION, TRANSACTIONS_IN_FLIGHT),
        cursors={name: Cursors(settings.api_key_pepper, name) for name in LISTS},
    )


@asynccontextmanager
async def _credentials(
    database: Database, given: CredentialSource | None
) -> AsyncGenerator[CredentialSource]:
    """The copy of keys and grants, kept fresh while the application lives."""
    if given is not None:
        yield given
        return
    view, stop = AccessView(database), asyncio.Event()
    await view.refresh()
    keeping = asyncio.create_task(view.run(stop))
    try:
        yield view
    finally:
        stop.set()
        with suppress(asyncio.CancelledError):
            await keeping


async def _connect(settings: Settings, role: str, size: int = 4) -> Database:
    return await Database.connect(settings.database_url, application=f"crisis {role}", max_size=size)


async def _answers(database: Database) -> None:
    async def work(tx: Transaction) -> None:
        await tx.fetchval("SELECT 1")

    await database.snapshot(work)


def _role(
    name: str, make: Callable[[Database, Settings], Role]
) -> Callable[[Settings], AbstractAsyncContextManager[Role]]:
    """A role with a database of its own."""

    @asynccontextmanager
    async def opened(settings: Settings) -> AsyncGenerator[Role]:
        database = await _connect(settings, name)
        try:
            yield make(database, settings)
        finally:
            await database.close()

    return opened


def _relay(database: Database, settings: Settings) -> Role:
    return Relay(database, settings.kafka_bootstrap, CRISIS_PROGRESS, lanes=settings.relay_lanes)


def _consume(database: Database, settings: Settings) -> Role:
    return ConsumerRunner(database, settings.kafka_bootstrap, registry_consumers(), service="crisis")


def _timers(database: Database, settings: Settings) -> Role:
    return DeadlineWorker(database, effects(database, real_tools()))


async def check_command(settings: Settings, argv: Sequence[str]) -> int:
    """`python -m crisis check`: one line per invariant, then every row that breaks one.

    Exit status 1 if any does.
    """
    database = await Database.connect(
        settings.database_url, application="crisis check", statement_timeout_ms=CHECK_TIMEOUT_MS
    )
    try:
        findings = await check_ledger(database)
    finally:
        await database.close()
    for name, found in findings.items():
        sys.stdout.write(f"{'broken' if found else 'holds':8} {checks.sentence(name)}\n")
        for finding in found:
            sys.stdout.write(f"         {finding.subject}: {finding.found}\n")
    return 1 if any(findings.values()) else 0


SERVICE = Service(
    name="crisis",
    settings_class=Settings,
    components=(
        CHASSIS,
        Component("crisis", "crisis.migrations"),
        Component("board", "crisis.board.migrations"),
    ),
    roles={
        "relay": _role("relay", _relay),
        "consume": _role("consume", _consume),
        "timers": _role("timers", _timers),
    },
    app=app,
    commands={"check": check_command},
    progress_topic=CRISIS_PROGRESS,
)
