"""A row of a file beside the ledger: what it says, what it changes, and who was first."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from crisis.domain.imports import (
    Asked,
    Compared,
    Known,
    Odd,
    Raw,
    Said,
    Status,
    Writer,
    compared,
    header_of,
    said_of,
)
from crisis.domain.refusals import ColumnMissing, ColumnTwice, RoleMissing
from tests.unit.crisis.examples import ASKER, FLOUR, NOW, TENT, a_balance, a_crisis, a_line, new_id

LINE = a_line()
SOON = NOW + timedelta(days=3)
LATER = "2026-02-12T09:00:00+03:00"
ROW: Mapping[str, Raw] = {
    "need_line_id": str(LINE.need_line_id),
    "sequence": "4",
    "district": "TUR031005",
    "item_code": TENT,
    "unit": "adet",
    "urgency": "urgent",
    "requested": "1000",
    "needed_by": SOON.isoformat(),
}
NEW: Mapping[str, Raw] = {**ROW, "need_line_id": None, "sequence": None}


def said(cells: Mapping[str, Raw] = ROW, /, **changes: Raw) -> Said:
    found = said_of(7, {**cells, **changes})
    assert found is not None
    return found


def asked(requested: str = "1000", needed_by: datetime = SOON) -> Asked:
    return Asked(Decimal(requested), needed_by)


def known(at_export: Asked | None = None, requested: str = "1000", **changes: Any) -> Known:
    balance = replace(a_balance(requested), version=9)
    return Known(replace(LINE, **changes), balance, at_export or asked())


def writer(**changes: Any) -> Writer:
    plain = Writer(ASKER, a_crisis(), NOW, new_id, lambda line: None, lambda place: None)
    return replace(plain, **changes)


def codes(found: Compared) -> list[tuple[str | None, str]]:
    return [(issue.column, issue.code) for issue in found.issues]


def test_an_exported_row_that_nobody_touched_is_unchanged():
    assert compared(said(), known(), writer()) == Compared(7, Status.UNCHANGED, LINE.need_line_id)


def test_an_untouched_row_is_unchanged_whatever_the_ledger_did_since():
    moved = known(requested="1200", needed_by=SOON + timedelta(days=1))
    assert compared(said(), moved, writer()).status is Status.UNCHANGED


def test_times_are_compared_by_the_second_the_export_shows():
    fine = SOON.replace(microsecond=345_678)
    same = known(asked(needed_by=fine), needed_by=fine)
    assert compared(said(), same, writer()).status is Status.UNCHANGED


def test_a_change_in_the_file_alone_is_a_change():
    found = compared(said(requested="1500", needed_by=LATER), known(), writer())
    assert found.status is Status.CHANGED
    shown = [(each.column, each.was, each.now, each.file, each.is_conflict) for each in found.changes]
    assert shown == [
        ("requested", "1000", "1000", "1500", False),
        ("needed_by", SOON.isoformat(), SOON.isoformat(), "2026-02-12T06:00:00+00:00", False),
    ]


def test_what_both_changed_is_a_conflict_and_what_both_changed_alike_is_not():
    theirs = known(requested="1200")
    found = compared(said(requested="1500"), theirs, writer())
    assert found.status is Status.CONFLICT
    (change,) = found.changes
    assert (change.was, change.now, change.file, change.is_conflict) == ("1000", "1200", "1500", True)
    assert compared(said(requested="1200"), theirs, writer()).status is Status.UNCHANGED


def test_one_column_in_conflict_makes_the_row_one():
    theirs = known(needed_by=SOON + timedelta(days=1))
    found = compared(said(requested="1500", needed_by=LATER), theirs, writer())
    assert found.status is Status.CONFLICT
    assert [(each.column, each.is_conflict) for each in found.changes] == [
        ("requested", False),
        ("needed_by", True),
    ]


def test_quantities_are_compared_in_base_units():
    assert compared(said(requested="2", unit="palet"), known(asked("12"), "12"), writer()).status is (
        Status.UNCHANGED
    )


def test_an_empty_cell_changes_nothing():
    only = {name: ROW[name] for name in ("need_line_id", "sequence")}
    assert compared(said(only), known(), writer()).status is Status.UNCHANGED


def test_a_row_without_id_is_a_new_need_with_its_texts_masked():
    found = compared(said(NEW, note="Ali, 0532 123 45 67"), None, writer())
    assert (found.status, found.need_line_id, found.changes) == (Status.NEW, None, ())
    assert found.statement is not None
    (line,) = found.statement.lines
    assert (found.statement.district, line.quantity, line.needed_by, line.note) == (
        "TUR031005", "1000", SOON, "Ali, •••",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"requested": "1,5"}, ("requested", "decimal_comma")),
        ({"requested": "1.500"}, ("requested", "number_ambiguous")),
        ({"requested": "1.500.000"}, ("requested", "number_ambiguous")),
        ({"requested": "=A1*2"}, ("requested", "formula_refused")),
        ({"requested": Odd.FORMULA}, ("requested", "formula_refused")),
        ({"requested": Odd.ERROR}, ("requested", "error_value")),
        ({"requested": "viele"}, ("requested", "quantity_invalid")),
        ({"requested": True}, ("requested", "wrong_format")),
        ({"requested": 0}, ("requested", "quantity_invalid")),
        ({"requested": -5}, ("requested", "quantity_invalid")),
        ({"requested": 2.5}, ("requested", "not_whole")),
        ({"requested": "0", "unit": "fıçı"}, ("requested", "quantity_invalid")),
        ({"unit": "fıçı"}, ("unit", "unit_unknown")),
        ({"needed_by": "2026-02-12T09:00"}, ("needed_by", "time_without_zone")),
        ({"needed_by": "12.02.2026"}, ("needed_by", "wrong_format")),
        ({"needed_by": Odd.LOCAL_TIME}, ("needed_by", "time_without_zone")),
        ({"needed_by": "0001-01-01T00:00:00+14:00"}, ("needed_by", "out_of_range")),
        ({"needed_by": "2026-02-01T09:00:00+03:00"}, ("needed_by", "needed_by_past")),
        ({"sequence": "10"}, ("sequence", "sequence_unknown")),
        ({"sequence": None}, ("sequence", "missing")),
        ({"sequence": "-1"}, ("sequence", "wrong_format")),
        ({"need_line_id": "7"}, ("need_line_id", "wrong_format")),
        ({"urgency": "çok acil"}, ("urgency", "not_allowed")),
        ({"district": "TUR031009"}, ("district", "column_fixed")),
        ({"item_code": "SHL-TENT-4P"}, ("item_code", "column_fixed")),
        ({"urgency": "normal"}, ("urgency", "column_fixed")),
        ({"note": "x" * 281}, ("note", "too_long")),
    ],
)
def test_a_line_is_refused_by_its_cell(changes: dict[str, Raw], expected: tuple[str, str]):
    found = compared(said(**changes), known(), writer())
    assert (found.status, codes(found)) == (Status.INVALID, [expected])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"district": None}, ("district", "missing")),
        ({"needed_by": None}, ("needed_by", "missing")),
        ({"district": "Antakya"}, ("district", "place_unknown")),
        ({"district": "TUR006"}, ("district", "place_outside_area")),
        ({"item_code": "TENT"}, ("item_code", "item_unknown")),
        ({"requested": "1.500"}, ("requested", "number_ambiguous")),
        ({"contact_ref": "0532 123 45 67"}, ("contact_ref", "contact_not_reference")),
        ({"sequence": "4"}, ("need_line_id", "missing")),
    ],
)
def test_a_new_row_is_refused_by_its_cell(changes: dict[str, Raw], expected: tuple[str, str]):
    found = compared(said(NEW, **changes), None, writer())
    assert (found.status, codes(found)) == (Status.INVALID, [expected])


def test_every_cell_that_cannot_be_read_is_named():
    found = compared(said(requested="1,5", needed_by="soon"), known(), writer())
    assert codes(found) == [("requested", "decimal_comma"), ("needed_by", "wrong_format")]


def test_an_ambiguous_number_that_was_exported_is_no_doubt():
    flour = known(asked("1.234"), "1.234", item_code=FLOUR, unit="kg")
    row = said(item_code=FLOUR, unit="kg", requested="1.234")
    assert compared(row, flour, writer()).status is Status.UNCHANGED


@pytest.mark.parametrize(
    ("cell", "text"),
    [(1000, "1000"), (1000.0, "1000"), (12.25, "12.25"), (0.1, "0.1"), (1e9, "1000000000")],
)
def test_numbers_of_a_workbook_have_one_meaning(cell: Raw, text: str):
    assert said(requested=cell).requested == text


def test_three_decimals_in_a_number_cell_are_no_doubt():
    flour = known(asked("1.234"), "1.234", item_code=FLOUR, unit="kg")
    row = {"item_code": FLOUR, "unit": "kg"}
    found = compared(said(**row, requested=2.345), flour, writer())
    assert (found.status, found.changes[0].file) == (Status.CHANGED, "2.345")
    assert codes(compared(said(**row, requested="2.345"), flour, writer())) == [
        ("requested", "number_ambiguous")
    ]


@pytest.mark.parametrize(
    ("cell", "expected"), [("12,5", "12.5"), ("0,375", "0.375"), ("1500", "1500"), ("12.5", "12.5")]
)
def test_a_comma_is_read_where_it_is_the_decimal_sign(cell: str, expected: str):
    found = said_of(7, {**ROW, "requested": cell}, has_decimal_comma=True)
    assert found is not None
    assert (found.requested, found.is_grouped, found.issues) == (expected, False, ())


def test_a_comma_before_three_digits_is_in_doubt_unless_it_was_exported():
    flour = known(asked("12.375"), "12.375", item_code=FLOUR, unit="kg")
    cells: Mapping[str, Raw] = {**ROW, "item_code": FLOUR, "unit": "kg"}
    same = said_of(7, {**cells, "requested": "12,375"}, has_decimal_comma=True)
    other = said_of(7, {**cells, "requested": "12,500"}, has_decimal_comma=True)
    mixed = said_of(7, {**cells, "requested": "1.012,5"}, has_decimal_comma=True)
    assert same and other and mixed
    assert compared(same, flour, writer()).status is Status.UNCHANGED
    assert codes(compared(other, flour, writer())) == [("requested", "number_ambiguous")]
    assert codes(compared(mixed, flour, writer())) == [("requested", "decimal_comma")]


def test_an_exported_quantity_that_lost_its_point_is_no_change():
    flour = known(asked("12.375"), "12.375", item_code=FLOUR, unit="kg")
    for cell in ("12375", 12375):
        row = said(item_code=FLOUR, unit="kg", requested=cell)
        assert codes(compared(row, flour, writer())) == [("requested", "point_lost")]
    tents = compared(said(requested="1000000"), known(), writer())
    assert tents.status is Status.CHANGED


def test_what_a_line_may_not_fall_below_is_said_before_anything_is_applied():
    moving = Known(LINE, replace(a_balance("1000", in_transit="900"), version=9), asked())
    found = compared(said(requested="800"), moving, writer())
    assert codes(found) == [("requested", "below_committed")]
    assert "900" in found.issues[0].en and "900" in found.issues[0].tr


def test_a_line_nobody_sees_is_unknown_and_one_of_others_needs_a_role():
    assert codes(compared(said(), None, writer())) == [("need_line_id", "line_unknown")]

    def nobody(_: object) -> None:
        raise RoleMissing(roles="asker", place="TUR031005")

    strict = writer(speaks_for=nobody, may_ask=nobody)
    assert codes(compared(said(requested="1500"), known(), strict)) == [(None, "role_missing")]
    assert codes(compared(said(NEW), None, strict)) == [(None, "role_missing")]
    assert compared(said(), known(), strict).status is Status.UNCHANGED


def test_no_sentence_repeats_what_was_written():
    secret = "Ayşe 0532 123 45 67"
    for column in ("need_line_id", "sequence", "urgency", "needed_by", "requested", "district", "item_code"):
        found = compared(said(NEW, **{column: secret}), None, writer())
        assert found.issues, column
        assert not any("0532" in text for each in found.issues for text in (each.en, each.tr))


def test_an_empty_row_says_nothing():
    assert said_of(3, dict.fromkeys(ROW)) is None
    assert said_of(3, dict.fromkeys(ROW, "  ")) is None


def test_headers_are_english_or_turkish_in_any_order_and_case():
    english = header_of([
        "Requested", "needed_by", " NEED_LINE_ID", "sequence", "unit", "district", "item_code", "urgency",
        "gap", "Bizim notumuz", None,
    ])  # fmt: skip
    assert (english.places["need_line_id"], english.places["requested"], english.unknown) == (2, 0, 1)
    turkish = header_of(["İLÇE", "Ürün kodu", "birim", "ACİLİYET", "İstenen", "en geç", "Not"])
    assert turkish.places == {
        "district": 0, "item_code": 1, "unit": 2, "urgency": 3, "requested": 4, "needed_by": 5, "note": 6,
    }  # fmt: skip


def test_a_missing_column_is_named():
    names = [name for name in ROW if name != "needed_by"]
    with pytest.raises(ColumnMissing) as refused:
        header_of(names)
    assert (refused.value.facts["column"], refused.value.facts["turkish"]) == ("needed_by", "en geç")
    with pytest.raises(ColumnMissing) as refused:
        header_of([name for name in ROW if name != "sequence"])
    assert refused.value.facts["column"] == "sequence"
    with pytest.raises(ColumnMissing) as refused:
        header_of([name for name in ROW if name != "need_line_id"])
    assert refused.value.facts["column"] == "need_line_id"
    with pytest.raises(ColumnTwice):
        header_of([*ROW, "birim"])


def test_ids_and_times_are_read_as_they_are_written_by_an_export():
    found = said(needed_by="2026-02-09T12:00:00+03:00")
    assert found.need_line_id == UUID(str(LINE.need_line_id))
    assert found.needed_by == datetime(2026, 2, 9, 9, 0, tzinfo=UTC)
