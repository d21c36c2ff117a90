"""What a desk could call for a line: how much of what is free, in which order, what only together."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from crisis.domain.candidates import (
    FreeGoods,
    Share,
    Source,
    items_done_by,
    items_for,
    pool_of,
    ranked,
    shares,
)
from crisis.domain.earmarks import UNRESTRICTED
from crisis.domain.fitness import Record
from crisis.domain.lines import Line
from tests.unit.crisis.examples import ASKER, DESK, FLOUR, NOW, PLEDGER, TENT, a_line, new_id

TENT_4P, TENT_6P = "SHL-TENT-4P", "SHL-TENT-6P"


def free(quantity: str = "100", **changes: Any) -> FreeGoods:
    plain = FreeGoods(
        source=Source.OFFER,
        of_id=new_id(),
        line_id=new_id(),
        org_id=PLEDGER,
        origin="TUR006",
        has_transport=False,
        item_code=TENT,
        unit="adet",
        free=Decimal(quantity),
        step=Decimal(0),
        ready_within_minutes=None,
        best_before=None,
        until=NOW + timedelta(days=9),
        earmark=UNRESTRICTED,
    )
    return replace(plain, **changes)


def only(goods: FreeGoods, line: Line, room: str) -> Share:
    (share,) = shares([goods], line, Decimal(room), by_org=DESK)
    return share


@pytest.mark.parametrize(
    ("held", "step", "room", "least", "quantity", "is_enough"),
    [
        ("100", "0", "1000", "0", "100", True),
        ("100", "0", "30", "0", "30", True),
        ("100", "12", "30", "0", "24", True),  # whole steps
        ("20", "12", "30", "0", "20", True),  # the last of a line is taken whole
        ("100", "40", "30", "0", "40", True),  # one step, where less than a step is missing
        ("25", "40", "30", "0", "25", True),
        ("100", "40", "55", "50", "80", True),  # a step more, where less would not be useful
        ("60", "40", "55", "50", "60", True),
        ("49", "0", "100", "50", "49", False),
        ("50", "0", "100", "50", "50", True),
        ("30", "0", "30", "50", "30", True),  # the rest of the room may always be taken whole
        ("29", "0", "30", "50", "29", False),
    ],
)
def test_as_much_as_the_room_takes_in_steps_and_no_less_than_is_useful(
    held: str, step: str, room: str, least: str, quantity: str, is_enough: bool
):
    line = a_line(min_useful=Decimal(least))
    share = only(free(held, step=Decimal(step)), line, room)
    assert (share.quantity, share.does, share.is_enough) == (Decimal(quantity), Decimal(quantity), is_enough)


def test_a_substitute_is_counted_by_what_it_does_and_moves_whole():
    line = a_line(item_code=TENT_4P, substitution="equivalent_list")
    six = free("10", item_code=TENT_6P)
    share = only(six, line, "14")
    assert (share.quantity, share.does) == (9, Decimal("13.5"))
    assert shares([six], line, Decimal("1.4")) == []
    assert shares([six], replace(line, substitution="none"), Decimal(14)) == []
    assert shares([free(item_code=FLOUR, unit="kg")], line, Decimal(14)) == []


def test_what_does_the_work_of_another_item_is_looked_for_where_it_is_allowed():
    line = a_line(item_code=TENT_4P)
    assert items_for(line) == (TENT_4P,)
    assert items_for(replace(line, substitution="ask_asker")) == (TENT_4P, TENT_6P)
    assert set(items_done_by(TENT_6P)) == {TENT_4P, TENT_6P}


def test_best_fit_first_then_what_is_offered_then_what_was_stated_first():
    line = a_line()
    far, first, second = free(), free(origin="TUR027"), free(origin="TUR027")
    kept = replace(free(origin="TUR027"), source=Source.PACKAGE, line_id=line.need_line_id)
    ready = free(origin="TUR027", ready_within_minutes=0)
    proven = free(origin="TUR027", ready_within_minutes=0, org_id=new_id())
    records = {proven.org_id: Record(kept=5, concluded=5)}
    found = shares([far, kept, second, first, ready, proven], line, Decimal(1000))
    in_turn = [each.share.goods.line_id for each in ranked(found, line, records)]
    assert in_turn == [each.line_id for each in (proven, ready, first, second, kept, far)]
    best = ranked(found, line, records)[0].fitness
    assert [(each.merit, each.figure) for each in best.reasons][1:] == [
        ("readiness", "0"),
        ("reliability", "5/5"),
    ]


def test_goods_of_the_asker_the_caller_and_whoever_wrote_for_others_are_left_out():
    line = a_line()
    own = [free(org_id=ASKER), free(org_id=DESK), free(written_by=DESK), free(written_by=ASKER)]
    others = [free(), free(written_by=new_id())]
    found = shares([*own, *others], line, Decimal(1000), by_org=DESK)
    assert [each.goods for each in found] == others
    assert len(shares(own, line, Decimal(1000))) == 2


@pytest.mark.parametrize(
    ("sizes", "room", "is_pool"),
    [
        (("30", "20"), "1000", True),
        (("30", "19"), "1000", False),
        (("49", "50"), "1000", False),  # what is enough alone is no part of it
        (("20", "10"), "30", True),
        ((), "1000", False),
    ],
)
def test_offers_too_small_alone_are_a_pool_when_together_they_are_useful(
    sizes: tuple[str, ...], room: str, is_pool: bool
):
    line = a_line(min_useful=Decimal(50))
    found = shares([free(size) for size in sizes], line, Decimal(room))
    pool = pool_of(found, line, Decimal(room))
    assert pool == (tuple(found) if is_pool else ())


def test_a_package_too_small_for_a_line_is_no_part_of_a_pool():
    line = a_line(min_useful=Decimal(50))
    found = shares([free("30"), free("30", source=Source.PACKAGE)], line, Decimal(1000))
    assert pool_of(found, line, Decimal(1000)) == ()
