"""Quantities are exact, positive, and never guessed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imece_reference.items import item, items
from imece_reference.quantities import PackSnapshot, convert, format_quantity, known_units, parse_quantity
from imece_reference.refusals import InvalidQuantity, NotWhole, UnknownItem, UnknownUnit

WATER = item("WSH-WATER-15")
DIESEL = item("ERY-FUEL-DSL")


@pytest.mark.parametrize("text", ["1", "500", "13.5", "0.001", "007", "999999999999999.999"])
def test_plain_decimals_are_read_exactly(text: str) -> None:
    assert parse_quantity(text) == Decimal(text)


NO_NUMBERS = [
    "",
    "NaN",
    "inf",
    "Infinity",
    "1,5",
    "1.",
    ".5",
    " 1",
    "1\n",
    "1_000",
    "١٢",
    "1 000",
    "0x10",
    "½",
]
OUT_OF_RANGE = ["0", "0.000", "-1", "+1", "1e3", "1E3", "0.0001", "1.2345", "1000000000000000"]


@pytest.mark.parametrize("text", NO_NUMBERS + OUT_OF_RANGE)
def test_everything_else_is_refused_with_a_rule(text: str) -> None:
    with pytest.raises(InvalidQuantity) as refused:
        parse_quantity(text)
    assert refused.value.facts["rule_tr"]
    assert refused.value.detail_tr.format_map(refused.value.facts)


@given(st.decimals(min_value="0.001", max_value="999999999999999.999", places=3))
def test_what_is_formatted_reads_back_and_is_the_shortest(value: Decimal) -> None:
    text = format_quantity(value)
    assert parse_quantity(text) == value
    assert not ("." in text and text.endswith(("0", ".")))


def test_formatting_never_uses_an_exponent() -> None:
    assert format_quantity(Decimal("1E+3")) == "1000"
    assert format_quantity(Decimal("500.000")) == "500"
    assert format_quantity(Decimal("0.000")) == "0"
    assert format_quantity(Decimal("-0")) == "0"


def test_packs_become_base_units_and_the_factor_is_frozen() -> None:
    base, snapshot = convert(WATER, Decimal(40), "koli")
    assert base == 240
    assert snapshot == PackSnapshot("koli", Decimal(6), Decimal(40), WATER.edition)


@pytest.mark.parametrize("unit", ["adet", "ADET", " Adet ", "H87"])
def test_the_base_unit_needs_no_snapshot(unit: str) -> None:
    assert convert(WATER, Decimal(7), unit) == (7, None)


@pytest.mark.parametrize("unit", ["KOLİ", "KOLI", "koli"])
def test_unit_names_ignore_turkish_case(unit: str) -> None:
    assert convert(WATER, Decimal(1), unit)[0] == 6


def test_an_unknown_unit_is_an_error_and_lists_the_known_ones() -> None:
    with pytest.raises(UnknownUnit) as refused:
        convert(WATER, Decimal(1), "kasa")
    assert refused.value.facts["known"] == "adet, koli, palet"
    assert (refused.value.status, refused.value.code) == (422, "unit_unknown")


def test_pieces_are_whole_and_litres_are_not() -> None:
    with pytest.raises(NotWhole):
        convert(WATER, Decimal("1.5"), "adet")
    with pytest.raises(NotWhole):
        convert(WATER, Decimal("0.5"), "palet")
    assert convert(DIESEL, Decimal("1.5"), "varil")[0] == 300
    assert convert(DIESEL, Decimal("0.25"), "L")[0] == Decimal("0.25")


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-1", "0", "1E+16", "0.0001"])
def test_numbers_that_are_no_quantities_are_refused_before_conversion(value: str) -> None:
    with pytest.raises(InvalidQuantity):
        convert(DIESEL, Decimal(value), "L")


def test_a_product_that_no_longer_fits_is_refused() -> None:
    with pytest.raises(InvalidQuantity):
        convert(DIESEL, Decimal(999999999999999), "varil")


@given(st.sampled_from(items()), st.integers(min_value=1, max_value=10**9), st.data())
def test_conversion_is_count_times_factor_for_every_item_and_unit(entry, count, data) -> None:
    unit = data.draw(st.sampled_from(known_units(entry)))
    base, snapshot = convert(entry, Decimal(count), unit)
    factor = snapshot.factor if snapshot else 1
    assert base == count * factor


def test_an_unknown_item_is_named_in_the_refusal() -> None:
    with pytest.raises(UnknownItem, match="SHL-NOPE"):
        item("SHL-NOPE")
