"""The composition root of notifications: the only place that knows which concrete parts work together."""

import ssl
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from fastapi import FastAPI

from imece_chassis.access.authenticator import Authenticator
from imece_chassis.access.mirror import mirror_consumer
from imece_chassis.access.view import AccessView
from imece_chassis.cli import Service
from imece_chassis.consumer import ConsumerRunner
from imece_chassis.database import WORKER_STATEMENT_TIMEOUT_MS, Database, Transaction
from imece_chassis.http.app import create_app
from imece_chassis.http.paging import Cursors
from imece_chassis.http.problems import refusals_in
from imece_chassis.migrations import CHASSIS, Component
from imece_chassis.relay import Relay
from imece_chassis.runtime import Role, beside
from imece_contracts.topics import NOTIFICATIONS_PROGRESS
from notifications.channels.links import Links
from notifications.channels.mail import MailChannel, MailRelay
from notifications.channels.resolving import SystemResolver
from notifications.channels.webhook import WebhookChannel
from notifications.consumers.facts import facts_consumer
from notifications.deliver.dispatcher import Dispatcher, Lanes
from notifications.domain import refusals
from notifications.domain.endpoints import IN_FLIGHT_PER_ENDPOINT
from notifications.domain.targets import OutboundPolicy
from notifications.http import deliveries, inbox, subscriptions, unsubscribe
from notifications.http.parts import Parts
from notifications.settings import NotificationsSettings
from notifications.store.vault import Vault

VERSION = "1.0.0"
WEBHOOK_SLOTS = 64
MAIL_SLOTS = 8  # one relay: more connections at once only make it slower

DESCRIPTION = """Who hears of an event, how, and whether it arrived.

Webhooks follow Standard Webhooks 1.0: verify `webhook-signature` with the secret shown once at subscription,
drop repeats by `webhook-id`, answer 2xx before you work. Order is not promised; `data.sequence` tells it.
Errors are problem documents (RFC 9457) in Turkish or English, by `Accept-Language`.
"""


def outbound_policy(settings: NotificationsSettings) -> OutboundPolicy:
    """What the operator opened for webhooks."""
    return OutboundPolicy(
        allow_http=settings.webhook_allow_http, allowed_subnets=settings.webhook_allowed_subnets
    )


def links_of(settings: NotificationsSettings) -> Links:
    return Links(board_base=settings.public_board_url, own_base=settings.unsubscribe_base)


def app(settings: NotificationsSettings) -> FastAPI:
    """The HTTP application; its lifespan opens the database and keeps the copy of credentials fresh."""

    @asynccontextmanager
    async def lifespan(application: FastAPI) -> AsyncGenerator[None]:
        database = await Database.connect(
            settings.database_url, application="notifications api", max_size=settings.database_pool_size
        )
        view = AccessView(database)
        vault = Vault(settings.master_key_bytes())
        application.state.database = database
        application.state.access = Authenticator(
            view,
            settings.api_key_pepper,
            refused_after_minutes=settings.credentials_refused_after_minutes,
        )
        application.state.parts = Parts(
            database,
            vault,
            outbound_policy(settings),
            links_of(settings),
            Cursors(vault.cursor_key, "notifications"),
        )
        try:
            async with beside(view):
                yield
        finally:
            await database.close()

    async def database_answers() -> None:
        async def work(tx: Transaction) -> None:
            await tx.fetchval("SELECT 1")

        await application.state.database.snapshot(work)

    async def credentials_are_usable() -> None:
        await application.state.access.is_usable()

    application = create_app(
        service="notifications",
        title="Imece notifications",
        version=VERSION,
        description=DESCRIPTION,
        routers=[subscriptions.router, deliveries.router, inbox.router, unsubscribe.router],
        lifespan=lifespan,
        checks={
            "database": database_answers,
            "credentials": credentials_are_usable,
        },
        problems=[*refusals_in(refusals)],
    )
    return application


@asynccontextmanager
async def open_consumers(settings: NotificationsSettings) -> AsyncGenerator[Role]:
    """The role that keeps the access mirror and writes notices."""
    database = await Database.connect(
        settings.database_url,
        application="notifications consume",
        statement_timeout_ms=WORKER_STATEMENT_TIMEOUT_MS,
    )
    try:
        yield ConsumerRunner(
            database, settings.kafka_bootstrap, [mirror_consumer(), facts_consumer()], service="notifications"
        )
    finally:
        await database.close()


@asynccontextmanager
async def open_relay(settings: NotificationsSettings) -> AsyncGenerator[Role]:
    """The role that moves outbox rows to Kafka in order."""
    database = await Database.connect(
        settings.database_url,
        application="notifications relay",
        statement_timeout_ms=WORKER_STATEMENT_TIMEOUT_MS,
    )
    try:
        yield Relay(database, settings.kafka_bootstrap, NOTIFICATIONS_PROGRESS, lanes=settings.relay_lanes)
    finally:
        await database.close()


@asynccontextmanager
async def open_dispatcher(settings: NotificationsSettings) -> AsyncGenerator[Role]:
    """The role that sends."""
    database = await Database.connect(
        settings.database_url,
        application="notifications deliver",
        statement_timeout_ms=WORKER_STATEMENT_TIMEOUT_MS,
    )
    vault = Vault(settings.master_key_bytes())
    resolver = SystemResolver()
    try:
        yield Dispatcher(database, vault, lanes_of(settings, vault, resolver))
    finally:
        resolver.close()
        await database.close()


def lanes_of(settings: NotificationsSettings, vault: Vault, resolver: SystemResolver) -> Sequence[Lanes]:
    """Both sending channels with their limits."""
    links = links_of(settings)
    webhook = WebhookChannel(links, outbound_policy(settings), resolver)
    mail = MailChannel(
        links,
        MailRelay(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_sender,
            settings.mail_tls,
            settings.smtp_user,
            settings.smtp_password.get_secret_value(),
            ssl.create_default_context(),
        ),
        unsubscribe_token=lambda job: vault.unsubscribe_token(job.contact_ref),
    )
    return (
        Lanes(webhook, slots=WEBHOOK_SLOTS, per_lane=IN_FLIGHT_PER_ENDPOINT),
        Lanes(mail, slots=MAIL_SLOTS, per_lane=MAIL_SLOTS),
    )


SERVICE = Service(
    name="notifications",
    settings_class=NotificationsSettings,
    components=(CHASSIS, Component("notifications", "notifications.migrations")),
    roles={"relay": open_relay, "consume": open_consumers, "deliver": open_dispatcher},
    app=app,
    progress_topic=NOTIFICATIONS_PROGRESS,
    redrive=[facts_consumer(), mirror_consumer()],
)
