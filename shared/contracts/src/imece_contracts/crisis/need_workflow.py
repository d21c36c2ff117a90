"""What becomes of a submitted need: facts of crisis.needs.v1. Codes and times, never its text."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from imece_contracts.crisis.parts import Urgency
from imece_contracts.event import EventData
from imece_contracts.topics import NEEDS, Topic


class NeedEvent(EventData):
    """A step of a need. `asker_org` is addressed, and the desks of `district`."""

    topic: ClassVar[Topic] = NEEDS

    need: UUID
    asker_org: UUID
    district: str
    urgency: Urgency


class NeedReturned(NeedEvent):
    """The asker must complete it; otherwise it is closed at `expires_at`."""

    type: ClassVar[str] = "crisis.need.returned"

    reason: str
    missing_fields: tuple[str, ...]
    expires_at: datetime
    deadline_ref: UUID


class NeedReminderDue(NeedEvent):
    """A returned need was not completed for a day; it is closed at `expires_at`."""

    type: ClassVar[str] = "crisis.need.reminder_due"

    missing_fields: tuple[str, ...]
    expires_at: datetime
    deadline_ref: UUID


class NeedVerificationRaised(NeedEvent):
    """Somebody vouches for an open need at a higher level than before."""

    type: ClassVar[str] = "crisis.need.verification_raised"

    before: int
    verification: int


class NeedOnHold(NeedEvent):
    """No new promises until `until`; what was promised goes on."""

    type: ClassVar[str] = "crisis.need.on_hold"

    reason: str
    until: datetime
    deadline_ref: UUID


class NeedResumed(NeedEvent):
    """The hold has ended, by a desk or by itself."""

    type: ClassVar[str] = "crisis.need.resumed"

    is_automatic: bool


class NeedStale(NeedEvent):
    """Nobody confirmed it since `confirmed_at`: no new calls, everything else goes on."""

    type: ClassVar[str] = "crisis.need.stale"

    confirmed_at: datetime
    deadline_ref: UUID


class NeedHeartbeat(NeedEvent):
    """Still needed, as before or less; to be confirmed again before `confirm_by`."""

    type: ClassVar[str] = "crisis.need.heartbeat"

    said: Literal["still", "less"]
    confirm_by: datetime
    deadline_ref: UUID


class NeedAnswersDelegated(NeedEvent):
    """Until `until` the asker too may accept, decline and counter; a desk of `by_org` said so.

    It ends earlier where the need is closed, merged or relocated.
    """

    type: ClassVar[str] = "crisis.need.answers_delegated"

    until: datetime
    by_org: UUID


class NeedDelegationEnded(NeedEvent):
    """Only desks answer what is promised: a delegation was taken back before its end, or rows of a merged
    need came."""

    type: ClassVar[str] = "crisis.need.delegation_ended"


class NeedRelocated(NeedEvent):
    """The need moved to `district`."""

    type: ClassVar[str] = "crisis.need.relocated"

    before: str
    reason: str


class NeedClosed(NeedEvent):
    """The need ended. `detail` is the code of a rejection; `pledger_orgs` are to be thanked or told."""

    type: ClassVar[str] = "crisis.need.closed"

    reason: str
    detail: str | None = None
    pledger_orgs: tuple[UUID, ...]
    appeal_until: datetime | None = None


class NeedAppealed(NeedEvent):
    """The asker asks to look again at a rejection."""

    type: ClassVar[str] = "crisis.need.appealed"

    reason: str
    answer_by: datetime
    deadline_ref: UUID


class NeedAppealDecided(NeedEvent):
    """`granted`: the need waits for verification again; `upheld`: it stays closed, with the reason."""

    type: ClassVar[str] = "crisis.need.appeal_decided"

    outcome: Literal["granted", "upheld"]
    reason: str | None = None


class NeedReopened(NeedEvent):
    """The need is open again."""

    type: ClassVar[str] = "crisis.need.reopened"

    reason: str
    verification: int
