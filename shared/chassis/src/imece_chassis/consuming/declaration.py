"""What a service says about a consumer: its name, topics, handler, and what a poisoned record does to the
others.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from imece_chassis.database import Transaction
from imece_contracts.envelope import Envelope
from imece_contracts.event import EventData
from imece_contracts.topics import Topic


class KeyEnded(EventData):
    """A record without value on a state topic: the key has ended. Its envelope has no data."""


@dataclass(frozen=True, slots=True)
class Received:
    """One event as it came: envelope, parsed payload (KeyEnded for a tombstone), and its place in the log."""

    envelope: Envelope
    data: EventData
    topic: str
    partition: int
    offset: int


class Policy(Enum):
    """After an event failed three times and became a dead letter."""

    STOP = "stop"  # this consumer stops and pages; nothing behind the event is applied
    PARK = "park"  # later events of the same key wait behind it, all others flow
    GO_ON = "go_on"  # nothing waits


@dataclass(frozen=True, slots=True)
class Lost:
    """A record that became a dead letter. `event` is None when the record is not one."""

    topic: str
    key: bytes | None
    event: Received | None


Handler = Callable[[Transaction, Sequence[Received]], Awaitable[None]]


@dataclass(frozen=True)
class Consumer:
    """`handle` gets the fresh events of a batch, in order, inside one transaction; raising rejects them.

    `after_commit` is called after each batch that had fresh events. `on_dead_letter` runs in the transaction
    that sets a record aside and goes on, so that what it leaves incomplete can be marked; should it fail, the
    record is set aside without it. The group id is "<service>.<name>".
    """

    name: str
    topics: tuple[Topic, ...]
    policy: Policy
    handle: Handler
    after_commit: Callable[[], None] | None = None
    on_dead_letter: Callable[[Transaction, Lost], Awaitable[None]] | None = None
