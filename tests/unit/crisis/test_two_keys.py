"""A request for a second key ends once: by another key, or void."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crisis.domain.refusals import KeyNotPending, SameKey, SecondKeyMissing
from crisis.domain.two_keys import KeyState, PendingKey
from tests.unit.crisis.examples import DESK, NOW, PLEDGER, new_id

FIRST, SECOND = new_id(), new_id()
ASKED = PendingKey(
    two_key_id=new_id(),
    crisis_id=new_id(),
    is_drill=False,
    action="set_over_cap",
    subject_type="need_line",
    subject_id=new_id(),
    place="TUR031005",
    payload={"over_cap": "100"},
    command_id=new_id(),
    first_org_id=DESK,
    first_key_id=FIRST,
    first_role="secretariat",
    opened_at=NOW,
    expires_at=NOW + timedelta(hours=24),
    deadline_id=new_id(),
)


def test_another_key_settles_it_and_stops_its_clock():
    ASKED.must_wait_for(SECOND, NOW)
    after = ASKED.settled(KeyState.CONFIRMED, NOW, org_id=PLEDGER, key_id=SECOND, role="secretariat")
    assert (after.state, after.deadline_id, after.second_key_id, after.version) == (
        KeyState.CONFIRMED, None, SECOND, 2,
    )  # fmt: skip


def test_the_same_key_twice_is_one_key():
    with pytest.raises(SameKey) as refused:
        ASKED.must_wait_for(FIRST, NOW)
    assert refused.value.facts == {"action": "set_over_cap"}


@pytest.mark.parametrize(
    ("asked", "after", "refusal"),
    [
        (ASKED, timedelta(hours=24), SecondKeyMissing),
        (replace(ASKED, state=KeyState.LAPSED, settled_at=NOW), timedelta(), SecondKeyMissing),
        (replace(ASKED, state=KeyState.CONFIRMED, settled_at=NOW), timedelta(), KeyNotPending),
        (replace(ASKED, state=KeyState.REFUSED, settled_at=NOW), timedelta(), KeyNotPending),
    ],
)
def test_void_or_settled_it_takes_no_key(asked: PendingKey, after: timedelta, refusal: type[Exception]):
    with pytest.raises(refusal):
        asked.must_wait_for(SECOND, NOW + after)
