"""Calling who waits: how much, what is passed over and why, what becomes of the rest; reminders of a hold."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from crisis.domain.allocations import Allocation, Clock, Side
from crisis.domain.clocks import Timers
from crisis.domain.offers import Offer, OfferState
from crisis.domain.promotions import (
    PassedOver,
    available,
    called,
    may_call,
    quantity_to_call,
    waited_little,
)
from crisis.domain.refusals import AllocationNotInState
from crisis.domain.reminders import remind_at, reminded
from crisis.domain.states import State, Timer
from tests.unit.crisis.examples import NOW, a_balance, a_crisis, a_line, a_pledge, doing, new_id

LINE = a_line(min_useful=Decimal(50))
PLEDGE = a_pledge("200", line=a_line())


def waiting(quantity: str = "200") -> Allocation:
    row = PLEDGE.allocation
    size = Decimal(quantity)
    return replace(
        row,
        state=State.WAITLISTED,
        awaiting=None,
        qty=size,
        supply_qty=size,
        waitlisted_at=NOW - timedelta(hours=9),
        clock=Clock(new_id(), Timer.WAITING, LINE.needed_by),
    )


def offer(**changes: Any) -> Offer:
    return replace(PLEDGE.offer, **changes)


def asked(quantity: str, free: str, left: str, **changes: Any) -> Decimal | PassedOver:
    return quantity_to_call(waiting(quantity), LINE, offer(**changes), Decimal(free), Decimal(left), NOW)


@pytest.mark.parametrize(
    ("quantity", "free", "left", "wanted"),
    [
        ("200", "200", "500", Decimal(200)),
        ("200", "120", "500", Decimal(120)),
        ("200", "200", "70", Decimal(70)),
        ("200", "200", "30", Decimal(30)),  # a remainder below what is useful may always be taken whole
        ("200", "20", "30", PassedOver.BELOW_MIN_USEFUL),
        ("40", "40", "500", PassedOver.BELOW_MIN_USEFUL),
        ("40", "40", "40", Decimal(40)),
        ("200", "0", "500", PassedOver.NOTHING_FREE),
    ],
)
def test_as_much_as_there_is_of_all_three(quantity: str, free: str, left: str, wanted: Decimal | PassedOver):
    assert asked(quantity, free, left) == wanted


@pytest.mark.parametrize(
    "changes", [{"state": OfferState.SUSPENDED}, {"state": OfferState.CLOSED}, {"available_until": NOW}]
)
def test_goods_of_an_offer_that_is_not_open_are_passed_over(changes: dict[str, Any]):
    assert asked("200", "200", "500", **changes) is PassedOver.OFFER_NOT_OPEN


def test_a_substitute_is_called_in_whole_pieces():
    """One six-person tent does for 3/2 of the line's; 14 missing are 9 of them, that is 13.5."""
    row = replace(waiting(), qty=Decimal(30), supply_qty=Decimal(20), ratio_num=3, ratio_den=2)
    line = replace(LINE, min_useful=Decimal(0))
    wanted = quantity_to_call(row, line, offer(), Decimal(20), Decimal(14), NOW)
    assert wanted == Decimal("13.5")


def test_a_call_waits_for_the_pledger_and_the_rest_keeps_its_turn():
    row = waiting()
    step = called(row, Decimal(80), LINE, Timers(), doing())
    call, rest = step.added
    assert (call.state, call.awaiting, call.initiated_by) == (State.PROPOSED, Side.PLEDGER, Side.DESK)
    assert (call.qty, call.promoted_at, call.desk_org_id) == (Decimal(80), NOW, None)
    assert call.clock is not None and call.clock.due_at == NOW + timedelta(hours=6)
    assert (rest.state, rest.qty, rest.waitlisted_at) == (State.WAITLISTED, Decimal(120), row.waitlisted_at)
    assert rest.clock is not None and rest.clock.due_at == LINE.needed_by
    assert step.changed[0].state is State.SPLIT


def test_all_of_it_moves_in_one_piece_and_may_be_held_at_once():
    row = waiting()
    (call,) = called(row, Decimal(200), LINE, Timers(), doing()).changed
    assert (call.state, call.allocation_id) == (State.PROPOSED, row.allocation_id)
    (held,) = called(row, Decimal(200), LINE, Timers(), doing(), is_taken=True).changed
    assert (held.state, held.awaiting, held.promoted_at) == (State.HELD, None, None)
    assert held.clock is not None and held.clock.kind is Timer.HOLD


def test_only_what_waits_is_called():
    with pytest.raises(AllocationNotInState):
        called(PLEDGE.allocation, Decimal(1), LINE, Timers(), doing())


def test_what_is_called_already_is_not_given_out_again():
    balance = a_balance("1000", held="600")
    assert available(balance, Decimal(300)) == Decimal(100)
    assert available(balance, Decimal(500)) == 0


@pytest.mark.parametrize(
    ("crisis", "line", "may"),
    [
        ({}, {}, True),
        ({"state": "stood_down"}, {}, False),
        ({}, {"need_state": "on_hold"}, False),
        ({}, {"is_stale": True}, False),
        ({}, {"needed_by": NOW}, False),
    ],
)
def test_nobody_is_called_for_what_takes_no_promises(crisis: dict[str, Any], line: dict[str, Any], may: bool):
    assert may_call(a_crisis(**crisis), replace(LINE, **line), NOW) is may


def test_a_row_is_fresh_for_as_long_as_an_answer_may_take():
    row = waiting()
    assert not waited_little(row, LINE, Timers(), NOW)
    assert waited_little(replace(row, waitlisted_at=NOW - timedelta(hours=6)), LINE, Timers(), NOW)


def test_a_hold_is_remembered_at_half_and_four_fifths_of_its_lease():
    clock = Clock(new_id(), Timer.HOLD, NOW + timedelta(hours=10))
    held = replace(PLEDGE.allocation, state=State.HELD, state_since=NOW, clock=clock)
    assert remind_at(held, 50) == NOW + timedelta(hours=5)
    assert remind_at(held, 80) == NOW + timedelta(hours=8)
    assert remind_at(PLEDGE.allocation, 50) is None
    step = reminded(held, "system")
    assert (step.entries, step.stopped) == ((), None)
    assert step.changed[0].version == held.version + 1
