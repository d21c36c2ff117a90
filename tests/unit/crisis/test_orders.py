"""Saturation orders: what they stop, who may keep them, how they end; and what they do to promises."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from crisis.domain.alternatives import Alternative
from crisis.domain.clocks import Urgency
from crisis.domain.orders import (
    CONFIRM,
    END,
    Lapse,
    OrderRequest,
    OrderState,
    SaturationOrder,
    confirmed,
    issued,
    lapsed,
    stopping,
)
from crisis.domain.refusals import (
    AllocationNotInState,
    GroupUnknown,
    OrderEndInvalid,
    OrderNamesOneThing,
    OrderNotInState,
    PlaceOutsideArea,
    ReasonUnknown,
    Refusal,
    SameKey,
)
from crisis.domain.saturation import gap_to_turn_to, turned_away
from crisis.domain.states import State
from tests.unit.crisis.examples import NOW, TENT, a_crisis, a_pledge, doing, new_id

ORG, KEY = new_id(), new_id()


def request_of(**changes: Any) -> OrderRequest:
    stated = OrderRequest(TENT, None, ("TUR031",), NOW + timedelta(days=2), "enough_here", "TUR001")
    return replace(stated, **changes)


def an_order(**changes: Any) -> SaturationOrder:
    key = (ORG, KEY, "provincial_desk")
    return issued(a_crisis(), request_of(**changes), key, NOW, new_id)


def test_one_key_stops_at_once_for_twelve_hours():
    order = an_order()
    assert (order.state, order.deadline_kind) == (OrderState.PROVISIONAL, CONFIRM)
    assert order.due_at == NOW + timedelta(hours=12)
    assert order.covers(TENT, "TUR031005", Urgency.URGENT)


def test_an_order_shorter_than_twelve_hours_ends_when_it_says():
    assert an_order(until=NOW + timedelta(hours=3)).due_at == NOW + timedelta(hours=3)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"item_group": "BAR"}, OrderNamesOneThing),
        ({"item_code": None}, OrderNamesOneThing),
        ({"item_code": None, "item_group": "??"}, GroupUnknown),
        ({"area": ("TUR031", "TUR006")}, PlaceOutsideArea),
        ({"until": NOW}, OrderEndInvalid),
        ({"until": NOW + timedelta(days=14, seconds=1)}, OrderEndInvalid),
        ({"reason": "because"}, ReasonUnknown),
    ],
)
def test_what_an_order_may_not_say(changes: dict[str, Any], refusal: type[Refusal]):
    with pytest.raises(refusal):
        an_order(**changes)


@pytest.mark.parametrize(
    ("changes", "item", "district", "urgency", "stops"),
    [
        ({}, TENT, "TUR031005", Urgency.NORMAL, True),
        ({}, TENT, "TUR046005", Urgency.NORMAL, False),
        ({}, "FSC-FLOUR", "TUR031005", Urgency.NORMAL, False),
        ({}, TENT, "TUR031005", Urgency.LIFE_SAVING, False),
        ({"names_life_saving": True}, TENT, "TUR031005", Urgency.LIFE_SAVING, True),
        ({"area": ("TUR031005",)}, TENT, "TUR031006", Urgency.NORMAL, False),
        ({"item_code": None, "item_group": "BAR"}, TENT, "TUR031005", Urgency.NORMAL, True),
        ({"item_code": None, "item_group": "BAR"}, "FSC-FLOUR", "TUR031005", Urgency.NORMAL, False),
    ],
)
def test_what_an_order_stops(
    changes: dict[str, Any], item: str, district: str, urgency: Urgency, stops: bool
):
    order = an_order(**changes)
    assert order.covers(item, district, urgency) is stops
    assert (stopping([order], item, district, urgency) is order) is stops


def test_another_key_makes_it_last_until_its_own_end():
    order = an_order()
    with pytest.raises(SameKey):
        confirmed(order, ORG, KEY, NOW, new_id())
    active = confirmed(order, new_id(), new_id(), NOW, new_id())
    assert (active.state, active.deadline_kind, active.due_at) == (OrderState.ACTIVE, END, order.until)
    with pytest.raises(OrderNotInState):
        confirmed(active, new_id(), new_id(), NOW, new_id())


@pytest.mark.parametrize("why", Lapse)
def test_a_lapsed_order_stops_nothing_again(why: Lapse):
    ended = lapsed(an_order(), why, NOW)
    assert (ended.state, ended.lapse_reason, ended.deadline_id) == (OrderState.LAPSED, why, None)
    with pytest.raises(OrderNotInState):
        lapsed(ended, why, NOW)


def test_a_group_means_every_goods_item_in_it():
    assert TENT in an_order(item_code=None, item_group="BAR").items
    assert an_order().items == {TENT}


@pytest.mark.parametrize(
    ("state", "end"),
    [
        (State.PROPOSED, State.DECLINED),
        (State.COUNTERED, State.DECLINED),
        (State.WAITLISTED, State.EXPIRED),
    ],
)
def test_promises_not_taken_yet_end(state: State, end: State):
    row = replace(a_pledge().allocation, state=state)
    (after,) = turned_away(row, doing()).changed
    assert (after.state, after.reason, after.clock) == (end, "saturated", None)


@pytest.mark.parametrize("state", [State.HELD, State.DISPATCHED, State.EXPIRED, State.SPLIT])
def test_what_is_held_or_over_is_not_ended_by_an_order(state: State):
    with pytest.raises(AllocationNotInState):
        turned_away(replace(a_pledge().allocation, state=state), doing())


def a_gap(room: str) -> Alternative:
    return Alternative(
        new_id(), new_id(), "TUR031006", Decimal(room), "adet", NOW + timedelta(days=2), Urgency.URGENT, 0
    )


def test_goods_turn_to_the_nearest_gap_that_takes_them_whole():
    near, fitting, large = a_gap("20"), a_gap("30"), a_gap("900")
    assert gap_to_turn_to(Decimal(30), [near, fitting, large], {}) is fitting


def test_what_is_proposed_to_a_gap_already_is_not_proposed_again():
    near, next_one = a_gap("50"), a_gap("40")
    assert gap_to_turn_to(Decimal(30), [near, next_one], {near.need_line_id: Decimal(30)}) is next_one
    both = {near.need_line_id: Decimal(50), next_one.need_line_id: Decimal(41)}
    assert gap_to_turn_to(Decimal(1), [near, next_one], both) is None


def test_where_no_gap_takes_all_the_one_that_takes_most_is_named():
    near, larger = a_gap("10"), a_gap("20")
    assert gap_to_turn_to(Decimal(30), [near, larger], {}) is larger
    assert gap_to_turn_to(Decimal(30), [], {}) is None
