"""What a channel promises: it sends one job, once, without a database, and says what came of it."""

from dataclasses import dataclass
from typing import Protocol

from notifications.domain.kinds import Channel
from notifications.domain.outcomes import Outcome
from notifications.domain.work import Job


@dataclass(frozen=True, slots=True)
class Capabilities:
    """`max_bytes` of a body; `has_receipts`: acceptance proves receipt; `is_abroad`: data is kept abroad."""

    max_bytes: int
    has_receipts: bool
    is_abroad: bool = False


class SendingChannel(Protocol):
    """A way out. `send` never raises for what the other side does, and ends within its own time limits.

    The job's delivery id is the idempotency key: every attempt carries the same one.
    """

    @property
    def name(self) -> Channel: ...

    def capabilities(self) -> Capabilities: ...

    async def send(self, job: Job) -> Outcome: ...

    async def aclose(self) -> None: ...
