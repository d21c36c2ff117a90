"""What notifications says became of a notice, as the bytes of its record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from imece_chassis.ids import uuid7
from imece_contracts.event import seal
from imece_contracts.notifications import NoticeDeferred, NoticeDelivered, NoticeEvent, NoticeUndelivered
from tests.messaging.topics import Headers, raw

EVIDENCE: Mapping[type[NoticeEvent], Mapping[str, Any]] = {
    NoticeDelivered: {"channel": "mail", "evidence": "hand_over"},
    NoticeDeferred: {},
    NoticeUndelivered: {"reason": "attempts"},
}


def became(
    outcome: type[NoticeEvent], deadline: UUID, organisation: UUID, at: datetime, sequence: int = 1
) -> tuple[bytes, bytes, Headers]:
    """Key, value and headers of the event that a notice about `deadline` to an organisation came to this."""
    notice = uuid7()
    data = outcome(
        notice=notice,
        event=uuid7(),
        kind="allocation.reminder_due",
        organisation=organisation,
        subject=f"allocation/{uuid7()}",
        deadline_ref=deadline,
        milestone=50,
        **EVIDENCE[outcome],
    )
    return raw(
        seal(
            data,
            id=uuid7(),
            source="//imece.example/notifications",
            subject=f"notice/{notice}",
            key=str(deadline),
            sequence=sequence,
            time=at,
        )
    )
