from decimal import Decimal

import pytest

from crisis.domain.refusals import ItemNotGoods, QuantityTooLarge
from crisis.domain.units import MOST_ENTERED, entered, goods
from imece_reference.items import items
from imece_reference.refusals import InvalidQuantity, NotWhole, UnknownItem, UnknownUnit


def test_a_pack_becomes_base_units_and_its_factor_is_kept():
    quantity, pack = entered("SHL-TENT-FAM", "40", "palet")
    assert (quantity, pack.pack, pack.factor, pack.count) == (240, "palet", 6, 40)


def test_an_entry_in_base_units_is_a_pack_of_factor_one():
    quantity, pack = entered("FSC-FLOUR", "13.5", "kg")
    assert (quantity, pack.pack, pack.factor, pack.count) == (Decimal("13.5"), "kg", 1, Decimal("13.5"))


def test_an_unknown_unit_is_an_error_and_never_factor_one():
    with pytest.raises(UnknownUnit) as refused:
        entered("SHL-TENT-FAM", "40", "koli")
    assert refused.value.facts["known"] == "adet, palet"


def test_items_that_cannot_be_divided_take_whole_numbers_only():
    with pytest.raises(NotWhole):
        entered("SHL-TENT-FAM", "0.5", "adet")


@pytest.mark.parametrize(
    "text", ["NaN", "0", "-1", "1e3", "1" * 30, "1.2345", "", " 5", "5 ", "+5", "Infinity", "٥", "1,5"]
)
def test_whatever_is_not_a_plain_positive_decimal_is_refused(text: str):
    with pytest.raises(InvalidQuantity):
        entered("FSC-FLOUR", text, "kg")


def test_only_goods_can_be_asked_for():
    service = next(item for item in items() if item.kind != "goods")
    with pytest.raises(ItemNotGoods):
        goods(service.code)
    with pytest.raises(UnknownItem):
        goods("NOPE")


def test_a_slip_of_the_finger_is_not_a_quantity():
    assert entered("FSC-FLOUR", "1000000000", "kg")[0] == MOST_ENTERED
    with pytest.raises(QuantityTooLarge) as refused:
        entered("SHL-TENT-FAM", "999999999999999", "adet")
    assert refused.value.facts == {"quantity": "999999999999999", "most": "1000000000", "unit": "adet"}
    with pytest.raises(QuantityTooLarge):
        entered("SHL-TENT-FAM", "1000000000", "palet")
