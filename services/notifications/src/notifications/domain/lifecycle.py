"""A delivery only moves forward: queued ↔ sending → handed_over → delivered → read; or an ending.

Only a redrive re-opens an ending, and it keeps the delivery's id so that receivers can drop repeats.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from notifications.domain.kinds import Channel
from notifications.domain.outcomes import Accepted, Outcome, Permanent, Temporary
from notifications.domain.schedule import SCHEDULES, next_due


class State(StrEnum):
    """Where a delivery is. handed_over is final for channels without receipts."""

    QUEUED = "queued"
    SENDING = "sending"
    HANDED_OVER = "handed_over"
    DELIVERED = "delivered"
    READ = "read"
    DEAD_LETTERED = "dead_lettered"
    SUPPRESSED = "suppressed"


TERMINAL = frozenset({State.HANDED_OVER, State.DELIVERED, State.READ, State.DEAD_LETTERED, State.SUPPRESSED})

# What "the other side took it" proves: a webhook's 2xx is receipt, a mail server's 250 is hand-over only.
_ACCEPTED_AS: dict[Channel, State] = {
    Channel.WEBHOOK: State.DELIVERED,
    Channel.MAIL: State.HANDED_OVER,
    Channel.INBOX: State.DELIVERED,
}


@dataclass(frozen=True, slots=True)
class Step:
    """The state after an attempt; `due_at` if queued, `exhausted_by` (attempts|permanent) if dead."""

    state: State
    due_at: datetime | None = None
    exhausted_by: str | None = None


def after_attempt(channel: Channel, tried: int, outcome: Outcome, now: datetime, *, jitter: float) -> Step:
    """Decide what follows attempt number `tried` (counted since the first send or the last redrive)."""
    match outcome:
        case Accepted():
            return Step(_ACCEPTED_AS[channel])
        case Permanent():
            return Step(State.DEAD_LETTERED, exhausted_by="permanent")
        case _:
            wish = outcome.retry_after if isinstance(outcome, Temporary) else None
            due_at = next_due(SCHEDULES[channel], tried, now, jitter=jitter, retry_after=wish)
            if due_at is None:
                return Step(State.DEAD_LETTERED, exhausted_by="attempts")
            return Step(State.QUEUED, due_at=due_at)
