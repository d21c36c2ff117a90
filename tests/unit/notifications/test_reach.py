"""When an organisation counts as reached, from what became of the notice at each of its contacts."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications.domain.kinds import Channel
from notifications.domain.lifecycle import State
from notifications.domain.reach import Contact, Judged, Reach, judge

AT = datetime(2026, 2, 6, 12, tzinfo=UTC)
READ = Contact(Channel.INBOX, State.READ, has_failed=False)
UNREAD = Contact(Channel.INBOX, State.DELIVERED, has_failed=False)
TAKEN = Contact(Channel.WEBHOOK, State.DELIVERED, has_failed=True)
HANDED_OVER = Contact(Channel.MAIL, State.HANDED_OVER, has_failed=False)
FRESH = Contact(Channel.MAIL, State.QUEUED, has_failed=False, due_at=AT)
ON_ITS_WAY = Contact(Channel.MAIL, State.SENDING, has_failed=False)
AGAIN = Contact(Channel.WEBHOOK, State.QUEUED, has_failed=True, due_at=AT)
LATER = Contact(Channel.MAIL, State.QUEUED, has_failed=True, due_at=AT + timedelta(minutes=5))
TRYING = Contact(Channel.WEBHOOK, State.SENDING, has_failed=True)
DEAD = Contact(Channel.WEBHOOK, State.DEAD_LETTERED, has_failed=True, exhausted_by="permanent")
OFF = Contact(Channel.WEBHOOK, State.DEAD_LETTERED, has_failed=False, exhausted_by="endpoint_disabled")
STOPPED = Contact(Channel.MAIL, State.SUPPRESSED, has_failed=False)


@pytest.mark.parametrize(
    ("contacts", "expected"),
    [
        ([FRESH], Judged(Reach.OPEN)),
        ([ON_ITS_WAY, DEAD], Judged(Reach.OPEN)),
        ([UNREAD], Judged(Reach.OPEN)),
        ([READ], Judged(Reach.DELIVERED, Channel.INBOX, "read")),
        ([DEAD, HANDED_OVER], Judged(Reach.DELIVERED, Channel.MAIL, "hand_over")),
        ([DEAD, TAKEN], Judged(Reach.DELIVERED, Channel.WEBHOOK, "receipt")),
        ([UNREAD, AGAIN], Judged(Reach.DEFERRED, next_try_at=AT)),
        ([DEAD, AGAIN, LATER], Judged(Reach.DEFERRED, next_try_at=AT)),
        ([TRYING], Judged(Reach.DEFERRED)),
        ([UNREAD, DEAD], Judged(Reach.UNDELIVERED, reason="permanent")),
        ([DEAD, OFF], Judged(Reach.UNDELIVERED, reason="endpoint_disabled")),
        ([STOPPED], Judged(Reach.UNDELIVERED, reason="suppressed")),
    ],
)
def test_one_contact_that_took_it_is_enough_and_all_that_failed_are_needed(
    contacts: list[Contact], expected: Judged
) -> None:
    assert judge(contacts) == expected


def test_reach_only_has_one_direction() -> None:
    assert [reach.rank for reach in (Reach.OPEN, Reach.DEFERRED, Reach.UNDELIVERED, Reach.DELIVERED)] == [
        0,
        1,
        2,
        3,
    ]
