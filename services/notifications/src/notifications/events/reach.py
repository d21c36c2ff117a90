"""What became of a notice about a clock → event of notifications.deliveries.v1, keyed by that clock."""

from datetime import datetime
from typing import Any, cast

from imece_chassis.ids import uuid7
from imece_contracts.envelope import Envelope
from imece_contracts.event import seal
from imece_contracts.notifications import NoticeDeferred, NoticeDelivered, NoticeEvent, NoticeUndelivered
from notifications.domain.clocks import ClockNotice
from notifications.domain.reach import Judged, Reach

SOURCE = "//imece.example/notifications"


def told(notice: ClockNotice, judged: Judged, *, version: int, at: datetime) -> Envelope:
    """The event of a notice whose reach has moved on; `version` is the clock's."""
    return seal(
        _data(notice, judged),
        id=uuid7(),
        source=SOURCE,
        subject=f"notice/{notice.clock_notice_id}",
        key=str(notice.deadline_ref),
        sequence=version,
        time=at,
        crisis_id=notice.crisis_id,
        is_drill=notice.is_drill,
    )


def _data(notice: ClockNotice, judged: Judged) -> NoticeEvent:
    common: dict[str, Any] = {
        "notice": notice.clock_notice_id,
        "event": notice.event_id,
        "kind": notice.kind,
        "organisation": notice.organisation_id,
        "subject": notice.subject,
        "deadline_ref": notice.deadline_ref,
        "milestone": notice.milestone,
    }
    match judged.reach:
        case Reach.DELIVERED:
            assert judged.channel is not None
            channel = cast(Any, judged.channel.value)
            return NoticeDelivered(**common, channel=channel, evidence=cast(Any, judged.evidence))
        case Reach.UNDELIVERED:
            return NoticeUndelivered(**common, reason=cast(Any, judged.reason))
        case _:
            return NoticeDeferred(**common, next_try_at=judged.next_try_at)
