"""Counters, ratios, conditions, longer holds and limits, decided without a database."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from crisis.domain.allocations import Allocation, Plan, Side, Transport
from crisis.domain.answers import Rest, accepted
from crisis.domain.auto_accept import may_be_taken
from crisis.domain.clocks import Timers, Urgency
from crisis.domain.conditions import (
    ConditionRequest,
    ConditionState,
    ConditionType,
    Stating,
    must_allow,
    question_to_asker,
    settled,
    stated,
)
from crisis.domain.countering import Counter, countered
from crisis.domain.hoarding import Standing
from crisis.domain.holds import Grounds, call_cancelled, extended, hold_released
from crisis.domain.ratios import Ratio, ratio_between
from crisis.domain.refusals import (
    ConditionInvalid,
    ConditionOpen,
    ConditionSettled,
    ExtensionOfPledger,
    ExtensionUsed,
    GapExceeded,
    HoardingLimit,
    ItemNotEqual,
    LeaseInvalid,
    LeaseOver,
    NotACall,
    NotAwaited,
    NothingCountered,
    NotYourCondition,
    PlanInvalid,
    QuantityAboveAllocation,
    RatioInexact,
    ReasonNotSo,
    ReasonUnknown,
    RoundsUsed,
    SameParty,
)
from crisis.domain.settings import Limits, Settings
from crisis.domain.states import State
from tests.unit.crisis.examples import NOW, PLEDGER, a_balance, a_crisis, a_line, a_pledge, doing, new_id

ROW = a_pledge("200").allocation
LINE = a_line()
TENT_4P, TENT_6P = "SHL-TENT-4P", "SHL-TENT-6P"
PLAN = Plan(NOW + timedelta(hours=10), Transport.OWN)
PIECE = Decimal(1)


def counter(row: Allocation = ROW, side: Side = Side.ASKER_SIDE, line: Any = LINE, **terms: Any):
    if "quantity" in terms:
        terms["quantity"] = Decimal(terms["quantity"])
    actor = PLEDGER if side is Side.PLEDGER else new_id()
    return countered(row, side, Counter(**terms), line, Timers(), doing(actor_org_id=actor))


def a_condition(kind: ConditionType = ConditionType.PERMIT, by: Side = Side.PLEDGER, **changes: Any):
    request = ConditionRequest(kind, NOW + timedelta(hours=5), **changes)
    (condition,) = stated(
        [request],
        by,
        ROW.root_id,
        ROW.allocation_id,
        is_drill=False,
        needed_by=LINE.needed_by,
        now=NOW,
        new_id=new_id,
    )
    return condition


def test_a_smaller_counter_cuts_the_rest_off_and_the_other_side_must_answer():
    step = counter(quantity="150").step
    parent, left, rest = step.rows
    assert (parent.state, left.state, left.qty, left.awaiting, left.round) == (
        State.SPLIT, State.COUNTERED, 150, Side.PLEDGER, 1,
    )  # fmt: skip
    assert (rest.state, rest.qty, rest.reason) == (State.DECLINED, 50, "rest_declined")
    assert left.clock is not None and left.clock.due_at == NOW + timedelta(hours=6)
    assert step.stopped == ROW.clock.deadline_id if ROW.clock else None


def test_three_rounds_are_enough():
    row, side = ROW, Side.ASKER_SIDE
    for hours in (1, 2, 3):
        (row,) = counter(row, side, plan=Plan(NOW + timedelta(hours=hours))).step.rows
        side = Side.PLEDGER if side is Side.ASKER_SIDE else Side.ASKER_SIDE
        assert row.awaiting is side
    with pytest.raises(RoundsUsed):
        counter(row, side, plan=PLAN)


def test_a_second_counter_has_no_ledger_entry_of_its_own():
    (row,) = counter(plan=PLAN).step.rows
    assert counter(row, Side.PLEDGER, plan=Plan(NOW + timedelta(hours=3))).step.entries == ()


def test_a_counter_changes_something_and_never_upwards():
    with pytest.raises(NothingCountered):
        counter(quantity="200")
    with pytest.raises(QuantityAboveAllocation):
        counter(quantity="201")
    with pytest.raises(PlanInvalid):
        counter(plan=Plan(LINE.needed_by + timedelta(hours=1)))
    with pytest.raises(NotAwaited):
        counter(side=Side.PLEDGER, quantity="1")


def test_who_countered_cannot_accept_its_own_terms():
    desk = new_id()
    (row,) = countered(
        ROW, Side.ASKER_SIDE, Counter(plan=PLAN), LINE, Timers(), doing(actor_org_id=desk)
    ).step.rows
    with pytest.raises(SameParty):
        accepted(
            row, a_balance("1000", proposed="200"), LINE, Timers(), None, None, doing(actor_org_id=desk),
            side=Side.PLEDGER,
        )  # fmt: skip
    taken = accepted(
        row, a_balance("1000", proposed="200"), LINE, Timers(), None, None, doing(actor_org_id=PLEDGER),
        side=Side.PLEDGER,
    )  # fmt: skip
    assert taken.rows[0].state is State.HELD


def substitutes(quantity: str = "10") -> tuple[Allocation, Any]:
    line = a_line(item_code=TENT_4P, substitution="equivalent_list")
    ratio = ratio_between(TENT_6P, line)
    supply = Decimal(quantity)
    row = replace(
        ROW,
        root_supply_qty=supply,
        supply_qty=supply,
        qty=ratio.need_of(supply),
        ratio_num=ratio.num,
        ratio_den=ratio.den,
        given_item=TENT_6P,
        substitute_of=TENT_4P,
    )
    return row, line


def test_a21_substitutes_are_taken_in_whole_supply_units_and_the_rest_is_cut_off():
    row, line = substitutes("10")
    assert row.qty == 15
    step = accepted(row, a_balance("14", proposed="15"), line, Timers(), None, Rest.WAITLIST, doing())
    _, held, rest = step.rows
    assert (held.state, held.supply_qty, held.qty) == (State.HELD, 9, Decimal("13.5"))
    assert (rest.state, rest.supply_qty, rest.qty) == (State.WAITLISTED, 1, Decimal("1.5"))
    with pytest.raises(GapExceeded):
        accepted(row, a_balance("14", proposed="15"), line, Timers(), None, None, doing())
    with pytest.raises(RatioInexact) as refused:
        accepted(row, a_balance("14", proposed="15"), line, Timers(), Decimal(14), Rest.DECLINE, doing())
    assert (refused.value.facts["below"], refused.value.facts["above"]) == ("13.5", "15")


def test_less_than_one_piece_of_room_takes_nothing():
    with pytest.raises(GapExceeded):
        accepted(ROW, a_balance("0.5", proposed="200"), LINE, Timers(), None, Rest.DECLINE, doing())


@pytest.mark.parametrize(
    ("num", "den", "grain", "supply", "below", "above"),
    [
        (2, 3, PIECE, "10", "9", "12"),
        (2, 3, PIECE, "1", "3", "3"),
        (1, 3, Decimal("0.001"), "1", "0.999", "1.002"),
    ],
)
def test_a_ratio_that_does_not_work_out_names_the_nearest_that_do(
    num: int, den: int, grain: Decimal, supply: str, below: str, above: str
):
    with pytest.raises(RatioInexact) as refused:
        Ratio(num, den, grain).must_work(Decimal(supply), "adet")
    assert (refused.value.facts["below"], refused.value.facts["above"]) == (below, above)


def test_what_may_stand_in_is_the_lines_word_and_the_tables():
    with pytest.raises(ItemNotEqual):
        ratio_between(TENT_6P, a_line(item_code=TENT_4P))
    with pytest.raises(ItemNotEqual):
        ratio_between("FSC-FLOUR", a_line(item_code=TENT_4P, substitution="ask_asker"))
    assert ratio_between(TENT_4P, a_line(item_code=TENT_4P)) == Ratio(1, 1, PIECE)
    assert ratio_between("FSC-FLOUR", a_line(item_code="FSC-FLOUR")).down(Decimal("1.25")) == Decimal("1.25")


def test_an_open_condition_stands_against_an_accept_until_it_is_settled():
    condition = a_condition()
    with pytest.raises(ConditionOpen) as refused:
        must_allow([condition], Decimal(200))
    assert "permit" in refused.value.facts["conditions"]
    met = settled(condition, ConditionState.MET, Stating.PLEDGER, None)
    assert must_allow([met], Decimal(200)) == ()
    with pytest.raises(ConditionSettled):
        settled(met, ConditionState.FAILED, Stating.PLEDGER, None)


def test_a_least_quantity_is_met_by_the_accept_itself():
    least = a_condition(ConditionType.MIN_QTY, min_qty=Decimal(100))
    with pytest.raises(ConditionOpen):
        must_allow([least], Decimal(99))
    (met,) = must_allow([least], Decimal(100))
    assert met.state is ConditionState.MET and met.deadline_id is None


def test_only_the_side_that_stated_a_condition_settles_it_and_a_desk_may_waive():
    theirs, ours = a_condition(), a_condition(by=Side.ASKER_SIDE)
    with pytest.raises(NotYourCondition):
        settled(theirs, ConditionState.MET, Stating.ASKER_SIDE, None)
    with pytest.raises(NotYourCondition):
        settled(ours, ConditionState.WAIVED, Stating.PLEDGER, "other")
    assert settled(theirs, ConditionState.WAIVED, Stating.ASKER_SIDE, "other").waiver_reason == "other"
    question = question_to_asker(ROW.root_id, NOW, is_drill=False, new_id=new_id)
    for side in (Stating.PLEDGER, Stating.ASKER_SIDE):
        with pytest.raises(NotYourCondition):
            settled(question, ConditionState.WAIVED, side, "other")


@pytest.mark.parametrize(
    ("kind", "hours", "least"),
    [
        (ConditionType.PERMIT, -1, None),
        (ConditionType.PERMIT, 24 * 30, None),
        (ConditionType.MIN_QTY, 1, None),
        (ConditionType.PERMIT, 1, Decimal(3)),
        (ConditionType.SUBSTITUTE_AGREED, 1, None),
    ],
)
def test_a_condition_must_make_sense(kind: ConditionType, hours: int, least: Decimal | None):
    request = ConditionRequest(kind, NOW + timedelta(hours=hours), least)
    with pytest.raises(ConditionInvalid):
        counter(conditions=(request,))


def held() -> Allocation:
    balance = a_balance("1000", proposed="200")
    return accepted(ROW, balance, a_line(), Timers(), None, None, doing()).rows[0]


def extend(row: Allocation, side: Side = Side.PLEDGER, until: Any = None, plan: Plan = PLAN, **changes: Any):
    line = changes.pop("line", LINE)
    return extended(row, side, until, plan, line, Timers(), doing(**changes)).rows[0]


def test_a_pledger_extends_once_and_a_desk_again_never_past_the_need():
    with pytest.raises(ExtensionOfPledger):
        extend(held(), Side.ASKER_SIDE)
    row = extend(held())
    assert row.clock is not None and row.clock.due_at == NOW + timedelta(hours=48)
    with pytest.raises(ExtensionUsed):
        extend(row)
    again = extend(row, Side.ASKER_SIDE)
    assert again.clock is not None and again.clock.due_at == NOW + timedelta(hours=72) == LINE.needed_by
    with pytest.raises(LeaseInvalid):
        extend(again, Side.ASKER_SIDE)


def test_a_lease_that_is_over_or_a_plan_that_is_too_late_extends_nothing():
    with pytest.raises(LeaseOver):
        extend(held(), now=NOW + timedelta(hours=24))
    with pytest.raises(PlanInvalid):
        extend(held(), plan=Plan(NOW + timedelta(days=4), Transport.OWN))
    with pytest.raises(LeaseInvalid) as refused:
        extend(held(), until=NOW + timedelta(hours=49))
    assert refused.value.facts["most"].startswith("2026-02-08T09:00")


def test_holds_are_released_for_listed_reasons_and_pledges_are_no_calls():
    stood_down = Grounds(is_stood_down=True)
    gone = hold_released(held(), "crisis_stood_down", stood_down, LINE, doing())
    assert gone.rows[0].state is State.RELEASED
    with pytest.raises(ReasonUnknown):
        hold_released(held(), "because", stood_down, LINE, doing())
    with pytest.raises(ReasonNotSo) as refused:
        hold_released(held(), "line_closed", stood_down, LINE, doing())
    assert refused.value.facts["so"] == "crisis_stood_down"
    with pytest.raises(NotACall):
        call_cancelled(ROW, "other", doing())


@pytest.mark.parametrize(
    ("standing", "is_above"),
    [
        (Standing(20, 2, 5), True),
        (Standing(19, 0, 50), False),
        (Standing(200, 0, 4), False),
        (Standing(20, 5, 10), False),
        (Standing(20, 4, 10), True),
    ],
)
def test_a41_much_held_and_little_closed_is_above_the_limit(standing: Standing, is_above: bool):
    assert standing.is_above(Limits()) is is_above
    if is_above:
        with pytest.raises(HoardingLimit):
            standing.must_be_overridden(Limits(), None)
        standing.must_be_overridden(Limits(), "only_source")


def test_only_an_exact_unconditional_match_is_taken_without_a_person():
    crisis, line = a_crisis(settings=Settings(auto_accept=("BAR",))), a_line(tamp_group="BAR")
    balance, below = a_balance("1000", proposed="200"), Standing()

    def taken(row: Allocation = ROW, **changes: Any) -> bool:
        return may_be_taken(
            row,
            changes.get("crisis", crisis),
            changes.get("line", line),
            changes.get("balance", balance),
            changes.get("standing", below),
        )

    assert taken()
    assert not taken(crisis=a_crisis())
    assert not taken(line=a_line(tamp_group="BAR", verification=0))
    assert not taken(balance=a_balance("199", proposed="200"))
    assert not taken(replace(ROW, has_conditions=True))
    assert not taken(replace(ROW, substitute_of=TENT_4P, given_item=TENT_6P))
    assert not taken(standing=Standing(20, 0, 5))
    assert not taken(line=a_line(tamp_group="BES", urgency=Urgency.LIFE_SAVING))
