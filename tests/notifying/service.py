"""The service's parts put together for a test: a vault, a policy that permits this machine, subscriptions."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_network
from typing import Any
from uuid import UUID

from imece_chassis.consumer import Received
from imece_chassis.database import Database
from imece_chassis.ids import uuid7
from notifications.channels.links import Links
from notifications.channels.mail import MailChannel, MailRelay
from notifications.channels.resolving import SystemResolver
from notifications.channels.webhook import WebhookChannel
from notifications.consumers.facts import handle
from notifications.deliver.dispatcher import Dispatcher, Lanes
from notifications.domain.kinds import SUBSCRIBABLE, Channel
from notifications.domain.targets import OutboundPolicy
from notifications.store.vault import Vault
from notifications.usecases.subscribe import Subscribe, Subscribed, subscribe

MASTER_KEY = b"a master key of thirty-two bytes"
VAULT = Vault(MASTER_KEY)
LOCAL = OutboundPolicy(allow_http=True, allowed_subnets=(ip_network("127.0.0.0/8"),))
LINKS = Links("https://board.example", "https://bildirim.example")


async def subscribed(
    db: Database,
    channel: Channel,
    target: str = "",
    *,
    organisation_id: UUID | None = None,
    crisis_id: UUID | None = None,
    event_kinds: Sequence[str] = SUBSCRIBABLE,
    only_own: bool = False,
    language: str = "tr",
    desk_role: str | None = "secretariat",
    provinces: Sequence[str] = (),
) -> Subscribed:
    """A subscription of an organisation (a new one unless given), by default with the grant of a desk."""
    integration = uuid7()
    if desk_role is not None:
        await granted(db, integration, desk_role, provinces)
    command = Subscribe(
        organisation_id=organisation_id or uuid7(),
        integration_id=integration,
        channel=channel,
        target=target,
        language=language,
        crisis_id=crisis_id,
        event_kinds=tuple(event_kinds),
        only_own=only_own,
    )
    return await db.unit_of_work(lambda tx: subscribe(tx, VAULT, LOCAL, command))


async def granted(
    db: Database,
    integration: UUID,
    role: str,
    provinces: Sequence[str] = (),
) -> UUID:
    """A grant in the copy of the registry, as its consumer would have written it."""
    grant = uuid7()
    await execute(
        db,
        """INSERT INTO grants_mirror (grant_id, sequence, integration_id, role, provinces, valid_from)
           VALUES ($1, 1, $2, $3, $4, now() - interval '1 day')""",
        grant,
        integration,
        role,
        list(provinces),
    )
    return grant


async def consume(db: Database, *batch: Received) -> None:
    """What the consumer does with a batch, without its inbox."""
    await db.unit_of_work(lambda tx: handle(tx, batch))


async def consume_among_desks(db: Database, *batch: Received) -> None:
    """`consume`, after every subscriber was made a desk, so that each of them hears of everything."""
    for row in await rows(db, "SELECT DISTINCT integration_id FROM notify.rules"):
        await granted(db, row["integration_id"], "secretariat")
    await consume(db, *batch)


def webhook_lanes(*, total_seconds: float = 10.0, slots: int = 64, per_lane: int = 2) -> Lanes:
    """Webhooks to this machine."""
    channel = WebhookChannel(LINKS, LOCAL, SystemResolver(), total_seconds=total_seconds)
    return Lanes(channel, slots=slots, per_lane=per_lane)


def mail_lanes(port: int, *, step_seconds: float = 10.0, total_seconds: float = 45.0, **way: Any) -> Lanes:
    """Mail to a server on this machine; `way` is how (see MailRelay)."""
    channel = MailChannel(
        LINKS,
        MailRelay("127.0.0.1", port, "bildirim@imece.example", **way),
        unsubscribe_token=lambda job: VAULT.unsubscribe_token(job.contact_ref),
        step_seconds=step_seconds,
        total_seconds=total_seconds,
    )
    return Lanes(channel, slots=8, per_lane=8)


@asynccontextmanager
async def delivering(db: Database, *lanes: Lanes, **options: float) -> AsyncIterator[Dispatcher]:
    """The deliver role at work for the length of a block."""
    dispatcher = Dispatcher(db, VAULT, lanes, **options)
    stop = asyncio.Event()
    running = asyncio.create_task(dispatcher.run(stop))
    try:
        yield dispatcher
    finally:
        stop.set()
        await running


async def rows(db: Database, query: str, *values: object) -> list[Any]:
    """Rows of a query in one snapshot."""

    async def work(tx: Any) -> list[Any]:
        return await tx.fetch(query, *values)

    return await db.snapshot(work)


async def execute(db: Database, statement: str, *values: object) -> None:
    """Run one statement, for what a test has to arrange by hand."""

    async def work(tx: Any) -> None:
        await tx.execute(statement, *values)

    await db.unit_of_work(work)


async def states(db: Database) -> list[str]:
    """States of all deliveries in order of creation."""
    return [
        row["state"] for row in await rows(db, "SELECT state FROM notify.deliveries ORDER BY delivery_id")
    ]
