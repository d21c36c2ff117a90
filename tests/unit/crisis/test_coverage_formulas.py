from decimal import Decimal

import pytest

from crisis.domain.balances import OfferBalance
from tests.unit.crisis.examples import a_balance, new_id


def test_proposals_and_waiting_rows_enter_neither_gap_nor_room():
    balance = a_balance("500", proposed="800", waitlisted="300")
    assert (balance.gap, balance.room, balance.label) == (500, 500, "UNCOVERED")


def test_an_agreed_reserve_widens_the_room_and_not_the_gap():
    balance = a_balance("500", over_cap="50", held="500")
    assert (balance.gap, balance.room, balance.surplus) == (0, 50, 0)


def test_lost_goods_re_open_the_gap_by_themselves():
    balance = a_balance("300", good="280", lost="20")
    assert balance.gap == 20


def test_a_surplus_never_makes_room_or_gap_negative():
    balance = a_balance("100", elsewhere="40", held="90")
    assert (balance.room, balance.gap, balance.surplus) == (0, 0, 30)


@pytest.mark.parametrize(
    ("buckets", "label"),
    [
        ({}, "UNCOVERED"),
        ({"proposed": "100"}, "UNCOVERED"),
        ({"held": "10"}, "PARTLY_COVERED"),
        ({"in_transit": "10"}, "PARTLY_COVERED"),
        ({"arrived": "10"}, "PARTLY_COVERED"),
        ({"good": "10", "held": "20"}, "PARTLY_DELIVERED"),
        ({"elsewhere": "10"}, "PARTLY_DELIVERED"),
        ({"good": "60", "held": "40"}, "COVERED"),
        ({"good": "60", "elsewhere": "40"}, "MET"),
        ({"good": "100", "elsewhere": "1"}, "OVERSUPPLIED"),
    ],
)
def test_coverage_is_one_word_and_the_first_match_wins(buckets: dict[str, str], label: str):
    assert a_balance("100", **buckets).label == label


def test_free_stock_is_what_is_neither_reserved_nor_committed_nor_consumed():
    balance = OfferBalance(new_id(), Decimal(300), Decimal(100), Decimal(50), Decimal(25))
    assert balance.free == 125
