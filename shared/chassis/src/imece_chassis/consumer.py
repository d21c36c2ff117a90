"""A batch of records becomes one transaction; offsets are committed after it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from imece_chassis.database import Database, Transaction
from imece_contracts.envelope import Envelope
from imece_contracts.event import EventData
from imece_contracts.topics import Topic


@dataclass(frozen=True, slots=True)
class Received:
    envelope: Envelope
    data: EventData
    topic: str
    partition: int
    offset: int


class Policy(Enum):
    STOP = "stop"
    PARK = "park"
    GO_ON = "go_on"


@dataclass(frozen=True)
class Consumer:
    name: str
    topics: tuple[Topic, ...]
    policy: Policy
    handle: Callable[[Transaction, Sequence[Received]], Awaitable[None]]
    after_commit: Callable[[], None] | None = None


class ConsumerRunner:
    name = "consume"

    def __init__(self, database: Database, bootstrap: str, consumers: Sequence[Consumer], *, service: str) -> None:
        raise NotImplementedError

    async def run(self, stop: asyncio.Event) -> None:
        raise NotImplementedError
