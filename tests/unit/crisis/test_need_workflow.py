"""Every step of a need after its submission, with what each refuses."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from crisis.domain.clocks import Urgency
from crisis.domain.needs import (
    WAITING,
    CloseReason,
    Need,
    NeedState,
    NeedTimer,
    appeal_granted,
    appeal_upheld,
    appealed,
    closed,
    confirmed,
    expired,
    gone_stale,
    held_back,
    is_met,
    looked_at_again,
    met,
    nothing_coming,
    rejected,
    relocated,
    reminded,
    reopened,
    resumed,
    returned,
    verified,
)
from crisis.domain.refusals import (
    AppealedBefore,
    AppealTooLate,
    CrisisNotOpen,
    FieldUnknown,
    GoodsOnTheWay,
    HoldInvalid,
    NeedClosed,
    NeedMerged,
    NeedNotInState,
    NeedNotSubmitted,
    NeedReopenTooLate,
    NeverOpened,
    NoAppeal,
    NotRejected,
    PlaceOutsideArea,
    ReasonUnknown,
    SameParty,
    SamePlace,
    TooFewAttempts,
    VerificationNotHigher,
)
from tests.unit.crisis.examples import ASKER, DESK, NOW, a_balance, a_crisis, new_id
from tests.unit.crisis.needs import CRISIS, a_draft, a_submitted_need, an_open_need

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLOSED_CRISIS = a_crisis(state="stood_down")


def clock_of(need: Need) -> tuple[NeedTimer, timedelta] | None:
    return None if need.clock is None else (need.clock.kind, need.clock.due_at - NOW)


def a_rejected_need() -> Need:
    return rejected(a_submitted_need(), "not_confirmed", DESK, NOW)


def a_closed_need(need: Need | None = None) -> Need:
    return closed(need or an_open_need(), "met_by_others", {}, 0, NOW)


def test_every_state_a_need_waits_in_has_its_clock():
    assert set(WAITING) == set(NeedState)
    needs = {
        a_draft(): NeedTimer.DRAFT,
        a_submitted_need(): NeedTimer.VERIFY,
        returned(a_submitted_need(), "other", (), DESK, NOW, new_id): NeedTimer.REMIND,
        an_open_need(): NeedTimer.HEARTBEAT,
        held_back(an_open_need(), CRISIS, "no_access", NOW + HOUR, NOW, new_id): NeedTimer.HOLD,
        appealed(a_rejected_need(), "in_scope", NOW, new_id): NeedTimer.APPEAL,
    }
    for need, kind in needs.items():
        assert need.clock is not None and need.clock.kind is kind in WAITING[need.state]
    assert a_closed_need().clock is None and a_rejected_need().clock is None


def test_an_open_need_is_verified_again_only_at_a_higher_level_and_by_another_organisation():
    need = an_open_need()
    raised = verified(need, CRISIS, 3, DESK, NOW + HOUR, new_id)
    assert (raised.verification, raised.opened_at, raised.clock) == (3, need.opened_at, need.clock)
    for level in (1, 2, 3):
        with pytest.raises(VerificationNotHigher):
            verified(raised, CRISIS, level, DESK, NOW, new_id)
    with pytest.raises(SameParty):
        verified(need, CRISIS, 2, ASKER, NOW, new_id)
    with pytest.raises(CrisisNotOpen):
        verified(need, CLOSED_CRISIS, 2, DESK, NOW, new_id)


def test_a_returned_need_says_what_is_missing_is_reminded_after_a_day_and_expires_after_seven():
    need = returned(a_submitted_need(), "missing_information", ("quantity", "quantity"), DESK, NOW, new_id)
    assert (need.state, need.reason, need.missing_fields) == (
        "returned",
        "missing_information",
        ("quantity",),
    )
    assert clock_of(need) == (NeedTimer.REMIND, DAY)
    late = reminded(need, NOW + DAY, new_id)
    assert clock_of(late) == (NeedTimer.RETURNED, 7 * DAY)
    gone = expired(late, NOW + 7 * DAY)
    assert (gone.state, gone.close_reason, gone.clock) == ("closed", CloseReason.EXPIRED, None)


@pytest.mark.parametrize(
    ("attempt", "refusal"),
    [
        (lambda: returned(a_submitted_need(), "because", (), DESK, NOW, new_id), ReasonUnknown),
        (lambda: returned(a_submitted_need(), "other", ("colour",), DESK, NOW, new_id), FieldUnknown),
        (lambda: returned(a_submitted_need(), "other", (), ASKER, NOW, new_id), SameParty),
        (lambda: returned(an_open_need(), "other", (), DESK, NOW, new_id), NeedNotSubmitted),
        (lambda: returned(a_rejected_need(), "other", (), DESK, NOW, new_id), NeedClosed),
        (lambda: rejected(a_submitted_need(), "because", DESK, NOW), ReasonUnknown),
        (lambda: rejected(a_submitted_need(), "other", ASKER, NOW), SameParty),
        (lambda: rejected(an_open_need(), "other", DESK, NOW), NeedNotSubmitted),
    ],
)
def test_returning_and_rejecting_are_refused_with_the_reason(
    attempt: Callable[[], Need], refusal: type[Exception]
):
    with pytest.raises(refusal):
        attempt()


def test_a_private_draft_expires_as_quietly_as_it_lived():
    gone = expired(a_draft(), NOW + 7 * DAY)
    assert (gone.close_reason, gone.told, gone.is_private) == (CloseReason.EXPIRED, 0, True)
    with pytest.raises(NeedNotInState):
        expired(an_open_need(), NOW)


def test_a_rejection_is_appealed_once_within_72_hours():
    need = a_rejected_need()
    asked = appealed(need, "now_confirmed", NOW + 71 * HOUR, new_id)
    assert clock_of(asked) == (NeedTimer.APPEAL, 95 * HOUR)
    with pytest.raises(AppealedBefore):
        appealed(asked, "now_confirmed", NOW, new_id)
    with pytest.raises(AppealTooLate):
        appealed(need, "now_confirmed", NOW + 72 * HOUR, new_id)
    with pytest.raises(ReasonUnknown):
        appealed(need, "because", NOW, new_id)
    for other in (a_closed_need(), an_open_need()):
        with pytest.raises(NotRejected):
            appealed(other, "now_confirmed", NOW, new_id)


def test_an_appeal_is_upheld_with_a_reason_or_the_need_is_verified_again():
    asked = appealed(a_rejected_need(), "now_confirmed", NOW, new_id)
    stands = appeal_upheld(asked, "still_not_confirmed", DESK)
    assert (stands.state, stands.reason, stands.clock) == ("closed", "still_not_confirmed", None)
    again = appeal_granted(asked, CRISIS, DESK, NOW, new_id)
    assert (again.state, again.close_reason) == ("submitted", None)
    assert clock_of(again) == (NeedTimer.VERIFY, 12 * HOUR)
    with pytest.raises(SameParty):
        appeal_granted(asked, CRISIS, ASKER, NOW, new_id)
    with pytest.raises(CrisisNotOpen):
        appeal_granted(asked, CLOSED_CRISIS, DESK, NOW, new_id)
    for other in (stands, a_rejected_need(), an_open_need()):
        with pytest.raises(NoAppeal):
            appeal_upheld(other, "other", DESK)


def test_a_hold_lasts_at_most_72_hours_and_ends_in_an_open_need():
    need = an_open_need()
    held = held_back(need, CRISIS, "no_access", NOW + 72 * HOUR, NOW, new_id)
    assert (held.state, clock_of(held)) == ("on_hold", (NeedTimer.HOLD, 72 * HOUR))
    back = resumed(held, CRISIS, NOW + 72 * HOUR, new_id)
    assert (back.state, clock_of(back)) == ("open", (NeedTimer.HEARTBEAT, 120 * HOUR))
    for until in (NOW, NOW - HOUR, NOW + 73 * HOUR):
        with pytest.raises(HoldInvalid):
            held_back(need, CRISIS, "no_access", until, NOW, new_id)
    with pytest.raises(ReasonUnknown):
        held_back(need, CRISIS, "because", NOW + HOUR, NOW, new_id)
    with pytest.raises(NeedNotInState):
        held_back(held, CRISIS, "no_access", NOW + HOUR, NOW, new_id)
    with pytest.raises(CrisisNotOpen):
        held_back(need, CLOSED_CRISIS, "no_access", NOW + HOUR, NOW, new_id)
    with pytest.raises(NeedNotInState):
        resumed(need, CRISIS, NOW, new_id)


@pytest.mark.parametrize(
    ("urgency", "interval"),
    [(Urgency.LIFE_SAVING, 12 * HOUR), (Urgency.URGENT, 48 * HOUR), (Urgency.NORMAL, 7 * DAY)],
)
def test_a_need_nobody_confirms_goes_stale_and_is_looked_at_after_three_intervals(
    urgency: Urgency, interval: timedelta
):
    need = an_open_need(urgency=urgency)
    assert clock_of(need) == (NeedTimer.HEARTBEAT, interval)
    stale = gone_stale(need, CRISIS, NOW + interval, new_id)
    assert (stale.is_stale, stale.state, clock_of(stale)) == (True, "open", (NeedTimer.STALE, 4 * interval))
    again = looked_at_again(stale, CRISIS, NOW + 4 * interval, new_id)
    assert (again.told, clock_of(again)) == (stale.told, (NeedTimer.STALE, 5 * interval))
    fresh = confirmed(again, CRISIS, NOW + 5 * interval, new_id)
    assert (fresh.is_stale, clock_of(fresh)) == (False, (NeedTimer.HEARTBEAT, 6 * interval))


def test_something_held_moving_or_arrived_is_coming():
    assert nothing_coming([a_balance(good="5", proposed="7", waitlisted="3")])
    for bucket in ("held", "in_transit", "arrived"):
        assert not nothing_coming([a_balance(), a_balance(**{bucket: "1"})])


def test_a_need_is_not_closed_while_goods_are_on_their_way():
    need = an_open_need()
    for bucket in ("in_transit", "arrived"):
        balance = a_balance(**{bucket: "1"})
        with pytest.raises(GoodsOnTheWay) as refused:
            closed(need, "met_by_others", {balance.need_line_id: balance}, 0, NOW)
        assert refused.value.facts["lines"] == str(balance.need_line_id)
    held = a_balance(held="10")
    done = closed(need, "met_by_others", {held.need_line_id: held}, 0, NOW)
    assert (done.state, done.close_reason, done.clock) == ("closed", CloseReason.MET_BY_OTHERS, None)
    on_hold = held_back(need, CRISIS, "no_access", NOW + HOUR, NOW, new_id)
    assert a_closed_need(on_hold).state == "closed"


def test_closing_needs_a_reason_of_the_list_and_three_attempts_for_unreachable():
    need = an_open_need()
    for reason in ("met", "rejected", "expired", "duplicate", "because"):
        with pytest.raises(ReasonUnknown):
            closed(need, reason, {}, 9, NOW)
    with pytest.raises(TooFewAttempts) as refused:
        closed(need, "unreachable", {}, 2, NOW)
    assert (refused.value.facts["attempts"], refused.value.facts["needed"]) == ("2", "3")
    assert closed(need, "unreachable", {}, 3, NOW).close_reason is CloseReason.UNREACHABLE
    for other, refusal in ((a_submitted_need(), NeedNotInState), (a_closed_need(), NeedClosed)):
        with pytest.raises(refusal):
            closed(other, "met_by_others", {}, 0, NOW)


def test_a_need_is_met_when_every_line_is_delivered_or_met_elsewhere():
    need = an_open_need()
    full, part = a_balance("10", good="6", elsewhere="4"), a_balance("10", good="9")
    assert is_met(need, [full, full]) and not is_met(need, [full, part])
    assert not is_met(held_back(need, CRISIS, "unsafe", NOW + HOUR, NOW, new_id), [full])
    assert met(need, NOW).close_reason is CloseReason.MET
    assert not is_met(need, [a_balance("10", held="10")])
    assert a_balance("10").requested == Decimal(10)


def test_a_closed_need_is_opened_again_within_fourteen_days_as_verified_as_it_was():
    need = a_closed_need(verified(an_open_need(), CRISIS, 2, DESK, NOW, new_id))
    back = reopened(need, CRISIS, "needed_again", NOW + 14 * DAY, new_id)
    assert (back.state, back.verification, back.close_reason) == ("open", 2, None)
    assert (back.is_stale, back.last_heartbeat_at) == (False, NOW + 14 * DAY)
    refusals: list[tuple[Need, type[Exception]]] = [
        (an_open_need(), NeedNotInState),
        (a_rejected_need(), NeverOpened),
        (replace(need, merged_into=new_id()), NeedMerged),
    ]
    for other, refusal in refusals:
        with pytest.raises(refusal):
            reopened(other, CRISIS, "needed_again", NOW, new_id)
    with pytest.raises(NeedReopenTooLate):
        reopened(need, CRISIS, "needed_again", NOW + 15 * DAY, new_id)
    with pytest.raises(ReasonUnknown):
        reopened(need, CRISIS, "because", NOW, new_id)
    with pytest.raises(CrisisNotOpen):
        reopened(need, CLOSED_CRISIS, "needed_again", NOW, new_id)


def test_a_need_moves_within_the_crisis_area_only():
    need = an_open_need()
    moved = relocated(need, CRISIS, "TUR046002", "site_moved")
    assert (moved.district, moved.reason, moved.clock) == ("TUR046002", "site_moved", need.clock)
    with pytest.raises(SamePlace):
        relocated(need, CRISIS, need.district, "site_moved")
    with pytest.raises(PlaceOutsideArea):
        relocated(need, CRISIS, "TUR006", "site_moved")
    with pytest.raises(ReasonUnknown):
        relocated(need, CRISIS, "TUR046002", "because")
    with pytest.raises(NeedNotInState):
        relocated(a_submitted_need(), CRISIS, "TUR046002", "site_moved")
