from datetime import timedelta
from decimal import Decimal

import pytest

from crisis.domain.balances import MOST_COUNTED
from crisis.domain.refusals import CrisisNotOpen, LineFull, LineOverdue, NeedClosed, NeedNotOpen, TooSmall
from crisis.domain.states import State, Timer
from imece_reference.refusals import UnknownPlace
from tests.unit.crisis.examples import (
    NOW,
    PLEDGER,
    a_balance,
    a_crisis,
    a_line,
    a_pledge,
    doing,
)


def test_a_pledge_is_proposed_and_reserves_its_whole_offer():
    pledge = a_pledge("200")
    row = pledge.allocation
    assert (row.state, row.awaiting, row.qty, row.supply_qty) == (State.PROPOSED, "asker_side", 200, 200)
    assert (row.root_id, row.parent_id, row.ratio_num, row.ratio_den) == (row.allocation_id, None, 1, 1)
    assert (pledge.balance.proposed, pledge.balance.room, pledge.balance.version) == (200, 1000, 1)
    assert pledge.entry.line_version == 1 and pledge.entry.from_state is None
    assert pledge.clock.kind is Timer.ANSWER and pledge.clock.due_at == NOW + timedelta(hours=6)


def test_more_than_the_room_may_be_proposed():
    assert a_pledge("5000").allocation.state is State.PROPOSED


def test_without_room_a_pledge_waits_until_the_goods_are_needed_and_reserves_nothing():
    line, full = a_line(), a_balance("1000", held="1000")
    pledge = a_pledge("200", line=line, balance=full)
    assert (pledge.allocation.state, pledge.allocation.awaiting) == (State.WAITLISTED, None)
    assert (pledge.balance.waitlisted, pledge.balance.proposed) == (200, 0)
    assert (pledge.clock.kind, pledge.clock.due_at) == (Timer.WAITING, line.needed_by)
    assert pledge.allocation.waitlisted_at == NOW


def test_below_the_smallest_useful_quantity_a_pledge_is_refused_with_the_figures():
    line = a_line(min_useful=Decimal(50))
    with pytest.raises(TooSmall) as refused:
        a_pledge("49", line=line)
    assert refused.value.facts == {"quantity": "49", "min_useful": "50", "room": "1000", "unit": "adet"}


def test_a_remainder_smaller_than_useful_may_be_taken_whole():
    line = a_line(min_useful=Decimal(50))
    assert a_pledge("20", line=line, balance=a_balance("1000", held="980")).allocation.qty == 20


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"need_state": "submitted"}, NeedNotOpen),
        ({"need_state": "on_hold"}, NeedNotOpen),
        ({"need_state": "closed", "close_reason": "met"}, NeedClosed),
        ({"needed_by": NOW}, LineOverdue),
    ],
)
def test_only_an_open_need_in_time_takes_pledges(changes: dict[str, object], refusal: type[Exception]):
    with pytest.raises(refusal):
        a_pledge(line=a_line(**changes))


def test_a_crisis_that_stood_down_takes_no_pledges():
    from crisis.domain.pledges import PledgeRequest, pledged

    line = a_line()
    request = PledgeRequest(line.need_line_id, PLEDGER, "1", "adet", "TUR006")
    with pytest.raises(CrisisNotOpen) as refused:
        pledged(request, a_crisis(state="stood_down"), line, a_balance(), doing())
    assert refused.value.facts == {"state": "stood_down"}


def test_the_origin_must_be_a_place():
    with pytest.raises(UnknownPlace):
        a_pledge(origin="TUR099")


def test_a_line_that_can_count_no_more_says_so_instead_of_breaking():
    nearly = a_balance("1000", held="400", waitlisted=str(MOST_COUNTED - 500))
    assert a_pledge("100", balance=nearly).balance.proposed == 100
    with pytest.raises(LineFull) as refused:
        a_pledge("101", balance=nearly)
    assert refused.value.facts == {"promised": "999999999999899.999", "quantity": "101", "unit": "adet"}
