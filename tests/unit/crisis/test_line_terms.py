"""What is asked of a line falls no lower than what is on its way; what is held above it is let go."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from crisis.domain.allocations import Allocation, Clock
from crisis.domain.ledger import need_after
from crisis.domain.line_terms import met_elsewhere, over_capped, revised
from crisis.domain.lines import Line
from crisis.domain.refusals import (
    BelowCommitted,
    CrisisNotOpen,
    HoldNotOnLine,
    LineFull,
    NeedClosed,
    NeededByPast,
    NeedNotOpen,
    NothingRevised,
    OverCapInUse,
    PickedTooLittle,
)
from crisis.domain.releases import letting_go, newest_first, picked, released
from crisis.domain.states import State, Timer
from tests.unit.crisis.examples import FLOUR, NOW, a_balance, a_crisis, a_line, a_pledge, doing, new_id

BALANCE = a_balance("500", held="300", in_transit="100", good="50")
LINE = a_line()


def held(quantity: str, minutes: int = 0, **changes: Any) -> Allocation:
    at = NOW + timedelta(minutes=minutes)
    row = a_pledge(quantity).allocation
    clock = Clock(new_id(), Timer.HOLD, NOW + timedelta(days=1))
    return replace(row.now_in(State.HELD, at, "secretariat", clock=clock), **changes)


@pytest.mark.parametrize(("asked", "surplus"), [("250", "200"), ("150", "300"), ("450", "0"), ("600", "0")])
def test_a_lower_request_lets_go_exactly_what_is_held_above_it(asked: str, surplus: str):
    revision = revised(LINE, BALANCE, a_crisis(), Decimal(asked), None, NOW)
    assert (revision.after.requested, revision.surplus) == (Decimal(asked), Decimal(surplus))


def test_a_request_below_what_is_on_its_way_is_refused_naming_the_minimum():
    with pytest.raises(BelowCommitted) as refused:
        revised(LINE, BALANCE, a_crisis(), Decimal(140), None, NOW)
    assert (refused.value.facts["minimum"], refused.value.facts["unit"]) == ("150", "adet")
    with_elsewhere = a_balance("500", held="300", in_transit="100", good="50", elsewhere="40")
    with pytest.raises(BelowCommitted) as refused:
        revised(LINE, with_elsewhere, a_crisis(), Decimal(189), None, NOW)
    assert refused.value.facts["minimum"] == "190"


def test_a_reserve_keeps_its_share_of_what_is_held():
    reserved = a_balance("500", over_cap="100", held="600")
    assert revised(LINE, reserved, a_crisis(), Decimal(400), None, NOW).surplus == 100


def test_an_earlier_surplus_stays_when_more_is_asked():
    over = a_balance("500", held="600", carried_excess="100")
    assert revised(LINE, over, a_crisis(), Decimal(550), None, NOW).surplus == 0


def test_what_a_revision_needs():
    closed, on_hold = a_line(need_state="closed", close_reason="met"), a_line(need_state="on_hold")
    stood_down = a_crisis(state="stood_down")
    for line, refusal in ((closed, NeedClosed), (on_hold, NeedNotOpen)):
        with pytest.raises(refusal):
            revised(line, BALANCE, a_crisis(), Decimal(600), None, NOW)
    with pytest.raises(NothingRevised):
        revised(LINE, BALANCE, a_crisis(), Decimal(500), LINE.needed_by, NOW)
    with pytest.raises(NeededByPast):
        revised(LINE, BALANCE, a_crisis(), None, NOW, NOW)
    with pytest.raises(CrisisNotOpen):
        revised(LINE, BALANCE, stood_down, Decimal(501), None, NOW)
    assert revised(LINE, BALANCE, stood_down, Decimal(400), None, NOW).surplus == 50
    later = LINE.needed_by + timedelta(days=1)
    assert revised(LINE, BALANCE, a_crisis(), None, later, NOW).after.needed_by == later


def test_the_newest_holds_go_first_and_only_the_last_is_cut():
    old, middle, new = held("100", 1), held("100", 2), held("100", 3)
    letting = letting_go(newest_first([middle, new, old]), Decimal(150), LINE)
    assert [(each.row, each.qty) for each in letting] == [(new, 100), (middle, 50)]


def test_a_desk_may_pick_the_rows_but_only_held_ones_and_enough_of_them():
    old, new = held("100", 1), held("100", 2)
    assert picked([new, old], [old.allocation_id, old.allocation_id]) == [old]
    assert letting_go([old], Decimal(60), LINE)[0].qty == 60
    with pytest.raises(HoldNotOnLine):
        picked([new, old], [new_id()])
    with pytest.raises(PickedTooLittle) as refused:
        letting_go([old], Decimal(150), LINE)
    assert (refused.value.facts["picked"], refused.value.facts["surplus"]) == ("100", "150")


@pytest.mark.parametrize(
    ("line", "ratio", "surplus", "goes"),
    [
        (a_line(), (1, 1), "0.5", "1"),
        (a_line(item_code=FLOUR, unit="kg"), (1, 1), "0.5", "0.5"),
        (a_line(), (3, 2), "10", "10.5"),
    ],
)
def test_a_part_is_cut_where_both_sides_stay_exact(
    line: Line, ratio: tuple[int, int], surplus: str, goes: str
):
    row = held("30", ratio_num=ratio[0], ratio_den=ratio[1])
    row = replace(row, supply_qty=row.qty * ratio[1] / ratio[0])
    (letting,) = letting_go([row], Decimal(surplus), line)
    assert letting.qty == Decimal(goes)
    since = NOW - timedelta(hours=1)
    row = replace(row, state_since=since)
    step = released(row, letting.qty, "requested_lowered", doing())
    gone, kept = step.added
    assert (gone.state_since, kept.state_since) == (NOW, since), "not the newest because of it"
    assert {entry.at for entry in step.entries} == {NOW}
    assert gone.supply_qty + kept.supply_qty == row.supply_qty
    assert (gone.state, kept.state, step.changed[0].state) == (State.RELEASED, State.HELD, State.SPLIT)
    assert kept.clock is not None and row.clock is not None
    assert (kept.clock.due_at, kept.clock.deadline_id != row.clock.deadline_id) == (row.clock.due_at, True)
    after = need_after(a_balance("500", held="30"), step.entries)
    assert after.held == 30 - Decimal(goes)


def test_what_is_met_elsewhere_closes_the_gap_and_may_leave_a_surplus():
    revision = met_elsewhere(LINE, BALANCE, Decimal(100))
    assert (revision.after.elsewhere, revision.surplus) == (100, 50)
    assert met_elsewhere(LINE, a_balance("500", elsewhere="100"), Decimal(-100)).after.elsewhere == 0
    with pytest.raises(LineFull):
        met_elsewhere(LINE, a_balance("1", elsewhere="999999999999999"), Decimal(1))


def test_a_reserve_never_falls_below_what_stands_on_it():
    reserved = a_balance("500", over_cap="100", held="560")
    assert over_capped(LINE, reserved, a_crisis(), Decimal(60)).after.over_cap == 60
    with pytest.raises(OverCapInUse) as refused:
        over_capped(LINE, reserved, a_crisis(), Decimal(59))
    assert refused.value.facts["minimum"] == "60"
    with pytest.raises(NothingRevised):
        over_capped(LINE, reserved, a_crisis(), Decimal(100))
    with pytest.raises(CrisisNotOpen):
        over_capped(LINE, reserved, a_crisis(state="stood_down"), Decimal(200))
