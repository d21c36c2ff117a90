"""A desk lets the asker answer for its own need: from when, until when, and who may say so."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from crisis.domain.merging import merged, survived
from crisis.domain.needs import (
    CloseReason,
    Delegation,
    NeedState,
    closed,
    delegated,
    relocated,
    reopened,
    taken_back,
)
from crisis.domain.refusals import DelegationInvalid, NeedClosed, NeedNotInState, NotDelegated, SameParty
from tests.unit.crisis.examples import NOW, a_line
from tests.unit.crisis.needs import CRISIS, a_submitted_need, an_open_need

DESK = uuid4()
TOMORROW = NOW + timedelta(days=1)


def test_it_stands_on_the_need_and_is_told():
    need = an_open_need()
    after = delegated(need, DESK, TOMORROW, NOW)
    assert after.delegation == Delegation(TOMORROW, DESK)
    assert (after.version, after.told) == (need.version + 1, need.told + 1)
    assert delegated(after, DESK, NOW + timedelta(days=2), NOW).delegation == Delegation(
        NOW + timedelta(days=2), DESK
    )
    assert taken_back(after, NOW).delegation is None


@pytest.mark.parametrize("until", [NOW, NOW - timedelta(hours=1), NOW + timedelta(days=30, seconds=1)])
def test_it_ends_within_thirty_days(until):
    with pytest.raises(DelegationInvalid):
        delegated(an_open_need(), DESK, until, NOW)
    assert delegated(an_open_need(), DESK, NOW + timedelta(days=30), NOW).delegation is not None


def test_nobody_delegates_to_itself():
    need = an_open_need()
    with pytest.raises(SameParty):
        delegated(need, need.asker_org_id, TOMORROW, NOW)


def test_only_a_need_that_takes_promises_is_delegated():
    with pytest.raises(NeedNotInState):
        delegated(a_submitted_need(), DESK, TOMORROW, NOW)
    over = replace(an_open_need(), state=NeedState.CLOSED, close_reason=CloseReason.MET)
    with pytest.raises(NeedClosed):
        delegated(over, DESK, TOMORROW, NOW)


def test_what_has_run_out_is_not_taken_back():
    given = replace(an_open_need(), delegation=Delegation(TOMORROW, DESK))
    for need, now in ((an_open_need(), NOW), (given, TOMORROW)):
        with pytest.raises(NotDelegated):
            taken_back(need, now)


def test_it_ends_where_the_need_ends_or_goes_elsewhere_and_does_not_come_back():
    given = replace(an_open_need(CRISIS), delegation=Delegation(TOMORROW, DESK))
    over = closed(given, "met_by_others", {}, 0, NOW)
    assert over.delegation is None
    left_over = replace(over, delegation=given.delegation)
    assert reopened(left_over, CRISIS, "needed_again", NOW, uuid4).delegation is None
    assert relocated(given, CRISIS, "TUR046002", "site_moved").delegation is None
    survivor = an_open_need(CRISIS)
    assert merged(given, survivor, NOW).delegation is None
    after = survived(replace(survivor, delegation=given.delegation))
    assert (after.delegation, after.told) == (None, survivor.told + 1)
    assert survived(survivor) is survivor


@pytest.mark.parametrize(("state", "lets"), [("open", True), ("on_hold", True), ("closed", False)])
def test_it_lets_nobody_answer_for_a_need_that_is_over(state: str, lets: bool):
    line = replace(a_line(), need_state=state, delegated_until=TOMORROW, delegated_by_org_id=DESK)
    assert line.is_answered_by_asker(NOW) is lets
    assert not line.is_answered_by_asker(TOMORROW)
