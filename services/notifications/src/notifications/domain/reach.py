"""Whether an organisation was reached, judged by what became of the notice at each of its contacts.

Reach only moves forward. An inbox entry proves nothing until it is read, and it cannot fail: whoever has
nothing but an inbox is neither reached nor unreached before that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from notifications.domain.kinds import Channel
from notifications.domain.lifecycle import State


class Reach(StrEnum):
    """In the order in which a notice may go through them; `rank` tells it."""

    OPEN = "open"
    DEFERRED = "deferred"
    UNDELIVERED = "undelivered"
    DELIVERED = "delivered"

    @property
    def rank(self) -> int:
        return list(Reach).index(self)


# What proves that somebody has it. A mail server's hand-over is the best a list without bounces can say.
_PROOF: Mapping[Channel, tuple[State, str]] = {
    Channel.WEBHOOK: (State.DELIVERED, "receipt"),
    Channel.MAIL: (State.HANDED_OVER, "hand_over"),
    Channel.INBOX: (State.READ, "read"),
}
_LOST = frozenset({State.DEAD_LETTERED, State.SUPPRESSED})


@dataclass(frozen=True, slots=True)
class Contact:
    """One delivery of the notice. `has_failed`: an attempt came to nothing, here or at others of the lane."""

    channel: Channel
    state: State
    has_failed: bool
    due_at: datetime | None = None
    exhausted_by: str | None = None

    @property
    def is_lost(self) -> bool:
        """Nothing more is tried here."""
        return self.state in _LOST

    @property
    def evidence(self) -> str | None:
        """What proves that it arrived: receipt, hand_over or read; None while nothing does."""
        proof, name = _PROOF[self.channel]
        return name if self.state is proof else None


@dataclass(frozen=True, slots=True)
class Judged:
    """`channel` and `evidence` if delivered, `next_try_at` if deferred, `reason` if undelivered."""

    reach: Reach
    channel: Channel | None = None
    evidence: str | None = None
    next_try_at: datetime | None = None
    reason: str | None = None


def judge(contacts: Sequence[Contact]) -> Judged:
    """Reached by one contact is reached; unreached only if every contact that can fail did.

    `contacts` are in the order in which they ended.
    """
    for contact in contacts:
        if contact.evidence is not None:
            return Judged(Reach.DELIVERED, channel=contact.channel, evidence=contact.evidence)
    tried = [contact for contact in contacts if contact.channel is not Channel.INBOX]
    if not tried or not all(contact.is_lost or contact.has_failed for contact in tried):
        return Judged(Reach.OPEN)
    if all(contact.is_lost for contact in tried):
        return Judged(Reach.UNDELIVERED, reason=tried[-1].exhausted_by or State.SUPPRESSED.value)
    due = [contact.due_at for contact in tried if contact.due_at is not None]
    return Judged(Reach.DEFERRED, next_try_at=min(due, default=None))
