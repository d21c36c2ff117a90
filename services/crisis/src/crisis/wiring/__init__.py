"""The composition root of the crisis service: the one place that knows which concrete parts work together."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import cache, partial
from typing import cast

from fastapi import FastAPI

from crisis.board import feed as board_feed
from crisis.board import http as board_http
from crisis.board.hub import Hub
from crisis.board.names import MirroredNames
from crisis.board.source import DatabaseSource
from crisis.consumers.deliveries import deliveries_consumer
from crisis.consumers.proofs import Reconciliation, Sealer
from crisis.consumers.registry import registry_consumers
from crisis.consumers.timers import batches, effects, workers
from crisis.domain import refusals
from crisis.domain.waiting import LIVES, Life, refuse_unfinished_lives
from crisis.http import (
    allocations,
    bundles,
    calls,
    candidates,
    corrections,
    crises,
    crisis_declarations,
    crisis_life,
    delegations,
    desks,
    duplicates,
    duty,
    estimates,
    hazard_reports,
    histories,
    imports,
    items,
    lines,
    match_queue,
    merges,
    need_drafts,
    need_judging,
    need_life,
    need_lines,
    needs,
    objections,
    offer_commands,
    offers,
    orders,
    own_pledges,
    package_promises,
    packages,
    pledges,
    questions,
    recurring_needs,
    tables,
    tasks,
    templates,
    terms,
    thresholds,
    two_keys,
)
from crisis.http.parts import Parts
from crisis.http.views import moved_answer, promised_answer
from crisis.settings import Settings
from crisis.usecases.accept_allocation import accept_each
from crisis.usecases.moves_together import MovesTogether
from crisis.usecases.propose_allocations import ProposeAllocations
from crisis.usecases.refuse_for_room import RefuseForRoom
from crisis.usecases.tools import Tools, real_tools
from crisis.usecases.withdraw_allocation import withdraw_each
from crisis.wiring.commands import audit_verify_command, check_command, rebuild_board_command
from crisis.wiring.databases import CHECK_TIMEOUT_MS, connected
from crisis.wiring.late_source import LateSource
from imece_chassis.access.authenticator import Authenticator
from imece_chassis.access.caller import CredentialSource
from imece_chassis.access.view import AccessView
from imece_chassis.batching import Batcher
from imece_chassis.cli import Service
from imece_chassis.consumer import ConsumerRunner
from imece_chassis.database import WORKER_STATEMENT_TIMEOUT_MS, Database, Transaction
from imece_chassis.http.app import create_app
from imece_chassis.http.paging import Cursors
from imece_chassis.http.problems import refusals_in
from imece_chassis.migrations import CHASSIS, Component
from imece_chassis.relay import Relay
from imece_chassis.runtime import Role, beside
from imece_contracts.topics import CRISIS_PROGRESS
from imece_reference import refusals as reference_refusals

VERSION = "0.1.0"
COMMANDS_PER_TRANSACTION = 64
TRANSACTIONS_IN_FLIGHT = 1
BOARD_POOL_SIZE = 4
DESCRIPTION = """Crises, what is missing where, who promised what, and what became of it.

Every POST carries an `Idempotency-Key`; repeating a request with the same key repeats the answer, not the
effect. A 2xx answer is durably stored. Quantities are decimal text. Errors are problem documents (RFC 9457)
in Turkish or English, by `Accept-Language`; a refused quantity always says how much there is room for.
"""


def app(
    settings: Settings,
    *,
    tools: Tools | None = None,
    credentials: CredentialSource | None = None,
    lives: Sequence[Life] = LIVES,
) -> FastAPI:
    """The HTTP application; its lifespan opens the databases and keeps keys and boards fresh.

    Commands and board have pools of their own, so that neither can starve the other. Tests pass their own
    tools and credentials.
    """
    refuse_unfinished_lives(lives)
    source = LateSource()
    hub = Hub(source)

    @asynccontextmanager
    async def lifespan(application: FastAPI) -> AsyncGenerator[None]:
        async with AsyncExitStack() as opened:
            database = await opened.enter_async_context(
                connected(settings, "api", settings.database_pool_size)
            )
            board = await opened.enter_async_context(connected(settings, "board", BOARD_POOL_SIZE))
            source.opened, source.names = DatabaseSource(board), MirroredNames(board)
            application.state.database = database
            application.state.parts = parts = parts_on(database, settings, tools or real_tools())
            opened.push_async_callback(parts.pledges.close)
            opened.push_async_callback(parts.without_room.close)
            opened.push_async_callback(parts.accepts.close)
            opened.push_async_callback(parts.withdrawals.close)
            keys = credentials or await _credentials(database, opened)
            application.state.access = Authenticator(
                keys,
                settings.api_key_pepper,
                refused_after_minutes=settings.credentials_refused_after_minutes,
            )
            await opened.enter_async_context(beside(hub))
            yield

    async def database_answers() -> None:
        await _answers(application.state.database)

    async def keys_are_known() -> None:
        await application.state.access.is_usable()

    application = create_app(
        service="crisis",
        title="Imece crisis",
        version=VERSION,
        description=DESCRIPTION,
        larger_bodies=imports.LARGER_BODIES,
        has_conditional_posts=True,
        routers=[
            crises.router,
            crisis_life.router,
            crisis_declarations.router,
            hazard_reports.router,
            desks.router,
            duty.router,
            tasks.router,
            needs.router,
            need_drafts.router,
            need_judging.router,
            need_life.router,
            delegations.router,
            objections.router,
            offers.router,
            offer_commands.router,
            thresholds.router,
            match_queue.router,
            packages.router,
            package_promises.router,
            orders.router,
            lines.router,
            tables.router,
            imports.router,
            histories.router,
            pledges.pledge_route,
            pledges.router,
            own_pledges.router,
            bundles.router,
            allocations.router,
            terms.router,
            corrections.router,
            calls.router,
            candidates.router,
            questions.router,
            items.router,
            two_keys.router,
            need_lines.router,
            merges.router,
            duplicates.router,
            estimates.router,
            templates.router,
            recurring_needs.router,
            *board_http.routes(hub, access=settings.board_access, names=source.names_of),
        ],
        lifespan=lifespan,
        checks={
            "database": database_answers,
            "credentials": keys_are_known,
            "soft:board": hub.is_fresh,
        },
        problems=[*refusals_in(refusals), *refusals_in(reference_refusals), *board_http.PROBLEMS],
    )
    return application


def parts_on(database: Database, settings: Settings, tools: Tools) -> Parts:
    """What the routes need, on one database."""
    propose = ProposeAllocations(
        database, tools, promised_answer, is_on_behalf_open=settings.on_behalf == "on"
    )
    accept = MovesTogether(database, accept_each, tools, moved_answer, unkept=(refusals.GapExceeded,))
    withdraw = MovesTogether(database, withdraw_each, tools, moved_answer)
    refuse = RefuseForRoom(database, tools)
    return Parts(
        database=database,
        tools=tools,
        propose=propose,
        pledges=Batcher(propose, COMMANDS_PER_TRANSACTION, TRANSACTIONS_IN_FLIGHT),
        accepts=Batcher(accept, COMMANDS_PER_TRANSACTION, TRANSACTIONS_IN_FLIGHT),
        withdrawals=Batcher(withdraw, COMMANDS_PER_TRANSACTION, TRANSACTIONS_IN_FLIGHT),
        without_room=Batcher(refuse, COMMANDS_PER_TRANSACTION, TRANSACTIONS_IN_FLIGHT),
        cursors=cache(partial(Cursors, settings.api_key_pepper)),
    )


async def _credentials(database: Database, opened: AsyncExitStack) -> CredentialSource:
    """The copy of keys and grants, loaded once and then kept fresh."""
    view = AccessView(database)
    await view.refresh()
    await opened.enter_async_context(beside(view))
    return view


async def _answers(database: Database) -> None:
    async def work(tx: Transaction) -> None:
        await tx.fetchval("SELECT 1")

    await database.snapshot(work)


def _role(
    name: str, make: Callable[[Database, Settings], Role]
) -> Callable[[Settings], AbstractAsyncContextManager[Role]]:
    """A role with a database of its own, and the limits of work nobody waits for."""

    @asynccontextmanager
    async def opened(settings: Settings) -> AsyncGenerator[Role]:
        async with connected(settings, name, statement_timeout_ms=WORKER_STATEMENT_TIMEOUT_MS) as database:
            yield make(database, settings)

    return opened


def _relay(database: Database, settings: Settings) -> Role:
    return Relay(database, settings.kafka_bootstrap, CRISIS_PROGRESS, lanes=settings.relay_lanes)


def _consume(database: Database, settings: Settings) -> Role:
    consumers = (*registry_consumers(), deliveries_consumer())
    return ConsumerRunner(database, settings.kafka_bootstrap, consumers, service="crisis")


def _board(database: Database, settings: Settings) -> Role:
    return ConsumerRunner(database, settings.kafka_bootstrap, (board_feed.consumer(),), service="crisis")


@asynccontextmanager
async def _timers(settings: Settings) -> AsyncGenerator[Role]:
    """Deadlines, and beside them rows of imports, looks for offers to pool, and what proves the ledger: the
    audit chain's sealer and the reconciliation."""
    async with (
        connected(settings, "timers", statement_timeout_ms=WORKER_STATEMENT_TIMEOUT_MS) as database,
        connected(settings, "proofs", 2, CHECK_TIMEOUT_MS) as slow,
        beside(Sealer(database), Reconciliation(database, slow)),
    ):
        tools = real_tools()
        working = workers(database, tools)
        async with beside(working.imports, working.pools):
            yield working.clocks


def _refuse_unfinished() -> None:
    """Raise UnfinishedState naming each state that is uncounted, silent, or waits for a clock without effect.

    Effects are only named here, never run: it needs no database.
    """
    nowhere, tools = cast("Database", None), real_tools()
    refuse_unfinished_lives(effects={*effects(nowhere, tools), *batches(nowhere, tools)})


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
        "board": _role("board", _board),
        "timers": _timers,
    },
    app=app,
    commands={
        "check": check_command,
        "audit-verify": audit_verify_command,
        "rebuild-board": rebuild_board_command,
    },
    progress_topic=CRISIS_PROGRESS,
    redrive=[board_feed.consumer(), *registry_consumers(), deliveries_consumer()],
    refuse=_refuse_unfinished,
)
