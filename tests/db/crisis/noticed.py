"""Records of notifications.deliveries.v1 as the crisis service's own consumer applies them."""

import asyncio
import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from crisis.consumers.deliveries import deliveries_consumer
from imece_chassis.consuming.applying import Applier
from imece_chassis.consuming.epochs import Epochs
from imece_chassis.consuming.records import Headers, classify
from imece_contracts.notifications import NoticeEvent
from imece_contracts.topics import DELIVERIES
from tests.db.crisis.world import World
from tests.messaging.deliveries import became

_offsets = itertools.count()


@dataclass
class Record:
    """A record as if read from partition 0."""

    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers
    topic: str = DELIVERIES.name
    partition: int = 0
    timestamp: int = 0


async def apply(world: World, *records: tuple[bytes, bytes, Headers]) -> None:
    """One batch of raw records, through inbox and handler."""
    batch = [classify(Record(next(_offsets), *record)) for record in records]
    applier = Applier(world.database, deliveries_consumer(), Epochs(), asyncio.Event())
    await applier.apply(batch)


async def notice(
    world: World,
    deadline: UUID,
    outcome: type[NoticeEvent],
    after: timedelta = timedelta(),
    to: UUID | None = None,
) -> bool:
    """A notice to the pledger (or whom `to` names) about the deadline came to this, so long after now.

    Whether the clock was stopped or set going by it.
    """
    before = await _stopped(world, deadline)
    whom = to or world.pledger.organisation_id
    await apply(world, became(outcome, deadline, whom, world.clock.now() + after))
    return await _stopped(world, deadline) != before


async def _stopped(world: World, deadline: UUID) -> datetime | None:
    return await world.value("SELECT paused_since FROM deadlines WHERE deadline_id = $1", deadline)
