"""Facts of notifications.deliveries.v1, keyed by clock: did a notice about it reach whom it waits for?

A notice here is what one organisation is told of one event, however many of its contacts hear it. Only
notices to organisations a deadline may wait for are followed: a party, or a desk that answers for one. Ids,
codes and times only: never an address.
"""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from imece_contracts.event import EventData
from imece_contracts.topics import DELIVERIES, Topic

Channel = Literal["inbox", "mail", "webhook"]


class NoticeEvent(EventData):
    """`event` was told to `organisation` because `deadline_ref` waits for it; `subject` is `type/id`.

    `kind` is the told event's, `milestone` that of a reminder. States only move forward: deferred,
    undelivered, delivered; delivered is the last.
    """

    topic: ClassVar[Topic] = DELIVERIES

    notice: UUID
    event: UUID
    kind: str
    organisation: UUID
    subject: str
    deadline_ref: UUID
    milestone: Literal[50, 80] | None = None


class NoticeDelivered(NoticeEvent):
    """One contact took it: a receiver's receipt, a mail server's hand-over, or the inbox entry was read."""

    type: ClassVar[str] = "notifications.notice.delivered"

    channel: Channel
    evidence: Literal["receipt", "hand_over", "read"]


class NoticeDeferred(NoticeEvent):
    """Every contact failed so far; the next is tried at `next_try_at`, where that is known."""

    type: ClassVar[str] = "notifications.notice.deferred"

    next_try_at: datetime | None = None


class NoticeUndelivered(NoticeEvent):
    """Every contact failed and none is tried again, unless somebody redrives it."""

    type: ClassVar[str] = "notifications.notice.undelivered"

    reason: Literal["attempts", "permanent", "endpoint_disabled", "suppressed"]
