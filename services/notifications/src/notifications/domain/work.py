"""One claimed delivery: everything a channel needs to compose and send it, and nothing it does not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from notifications.domain.kinds import Channel


@dataclass(frozen=True, slots=True)
class Job:
    """An attempt in progress. `number` counts attempts for ever, `tried` those since the last redrive.

    `address` is a URL or mail address and never shown in `repr`; `secrets` sign a webhook, newest first.
    `is_unreadable`: what is stored does not open with this process's master key, so nothing can be sent now.
    """

    delivery_id: UUID
    channel: Channel
    contact_ref: UUID
    recipient_id: UUID
    organisation_id: UUID
    number: int
    tried: int
    redrives: int
    event_id: UUID
    kind: str
    event_type: str
    notice_class: str
    crisis_id: UUID | None
    thread: UUID | None
    sequence: int
    is_drill: bool
    occurred_at: datetime
    begun_at: datetime
    crisis_no: str | None
    crisis_title: Mapping[str, str]
    params: Mapping[str, object] = field(repr=False)
    language: str = "tr"
    address: str | None = field(default=None, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    is_unreadable: bool = False
