"""Uploaded tables are read with bounds, and only what has one meaning is read."""

import io
import time
import tracemalloc
import zipfile
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook

from crisis.domain.refusals import FileEmpty, FileTooLarge, FileUnreadable, SheetMissing
from crisis.http import sheet_reading
from crisis.http.sheet_reading import MOST_ROWS, table_of
from crisis.http.sheets import Format, as_csv, as_xlsx
from crisis.http.workbook_bounds import must_be_small

HEAD = ("need_line_id", "sequence", "district", "item_code", "unit", "urgency", "requested", "needed_by")
ROW: tuple[Any, ...] = (
    None, None, "TUR031005", "SHL-TENT-FAM", "adet", "urgent", 1000, "2026-02-09T12:00:00+03:00",
)  # fmt: skip


def workbook(*rows: tuple[Any, ...], **sheets: tuple[Any, ...]) -> bytes:
    book = Workbook()
    first = book.active
    assert first is not None
    for row in rows:
        first.append(row)
    for name, row in sheets.items():
        book.create_sheet(name).append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def test_what_was_exported_is_read_again():
    written: tuple[tuple[bytes, Format], ...]
    written = ((as_csv(HEAD, [ROW]), "csv"), (as_xlsx("lines", HEAD, [ROW]), "xlsx"))
    for body, kind in written:
        (said,) = table_of(body, kind).rows
        assert (said.number, said.requested, said.issues) == (2, "1000", ()), kind
    (said,) = table_of(as_csv(HEAD, [ROW], "excel-tr"), "csv").rows
    assert said.district == "TUR031005"


def test_decimals_come_back_from_a_spreadsheet_in_turkish():
    row = (*ROW[:6], Decimal("12.375"), ROW[7])
    body = as_csv(HEAD, [row], "excel-tr")
    assert ";12,375;" in body.decode("utf-8-sig")
    (said,) = table_of(body, "csv").rows
    assert (said.requested, said.issues) == ("12.375", ())
    (said,) = table_of(body.replace(b"12,375", b"12,5"), "csv").rows
    assert (said.requested, said.is_grouped, said.issues) == ("12.5", False, ())


def test_rows_are_numbered_as_the_spreadsheet_does():
    table = table_of(workbook(HEAD, ROW, (), (), ROW), "xlsx")
    assert [said.number for said in table.rows] == [2, 5]


def test_a_formula_an_error_and_a_date_are_no_values():
    row = (*ROW[:6], "=1+1", datetime(2026, 2, 9, 12))  # noqa: DTZ001 - a spreadsheet knows no zones
    (said,) = table_of(workbook(HEAD, row), "xlsx").rows
    assert [(each.column, each.code) for each in said.issues] == [
        ("requested", "formula_refused"),
        ("needed_by", "time_without_zone"),
    ]


def test_of_several_sheets_the_one_called_lines_is_read():
    assert table_of(workbook(HEAD, ROW), "xlsx").rows
    with pytest.raises(SheetMissing) as refused:
        table_of(workbook(HEAD, ROW, other=HEAD), "xlsx")
    assert refused.value.facts["sheets"] == "2"
    with pytest.raises(FileEmpty):
        table_of(workbook(("notes",), Kalemler=HEAD), "xlsx")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"not a workbook", "xlsx"),
        (b"PK\x03\x04 broken", "xlsx"),
        ("ilçe;birim\n".encode("cp1254"), "csv"),
        ("a,b\n".encode("utf-16"), "csv"),
        (b"a,b\0\n", "csv"),
        (b'"a,b\n', "csv"),
    ],
)
def test_what_is_no_table_is_unreadable(body: bytes, kind: Any):
    with pytest.raises(FileUnreadable):
        table_of(body, kind)


def test_nothing_below_the_names_is_an_empty_file():
    for body, kind in ((b"", "csv"), (as_csv(HEAD, []), "csv"), (workbook(HEAD), "xlsx")):
        with pytest.raises(FileEmpty):
            table_of(body, kind)  # type: ignore[arg-type]


def test_a_bomb_is_measured_before_it_is_unpacked():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (sheet_reading.MOST_UNPACKED_BYTES + 1))
    assert len(packed.getvalue()) < 200_000
    with pytest.raises(FileTooLarge):
        table_of(packed.getvalue(), "xlsx")


def test_a_sheet_that_claims_a_row_beyond_all_is_unreadable():
    body = _with_sheet(lambda sheet: sheet.replace(b'<row r="2"', b'<row r="99999999"'))
    with pytest.raises(FileUnreadable):
        table_of(body, "xlsx")


def test_entities_are_not_expanded_without_end():
    entities = b"".join(
        b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"x" * 10) for n in range(10)
    )
    body = _with_sheet(
        lambda sheet: (
            b'<?xml version="1.0"?><!DOCTYPE s ['
            + entities
            + b"]>"
            + sheet.replace(
                b"<sheetData>",
                b"<sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>&a9;</t></is></c></row>",
            )
        )
    )
    with pytest.raises(FileUnreadable):
        table_of(body, "xlsx")


def test_too_many_rows_are_refused():
    assert len(table_of(as_csv(HEAD, [ROW] * 2), "csv", 2).rows) == 2
    for body, kind in ((as_csv(HEAD, [ROW] * 3), "csv"), (as_xlsx("lines", HEAD, [ROW] * 3), "xlsx")):
        with pytest.raises(FileTooLarge):
            table_of(body, kind, 2)  # type: ignore[arg-type]


CELLS = b"<c/>" * 500_000


def _row_of(cells: bytes) -> Any:
    return lambda sheet: sheet.replace(b"</sheetData>", b"<row>" + cells + b"</row></sheetData>")


@pytest.mark.parametrize(
    "change",
    [
        _row_of(CELLS),
        _row_of(b"<!-- </row> -->".join([CELLS[:40_000]] * 50)),
        _row_of(b"<row></row>".join([CELLS[:40_000]] * 50)),
        _row_of(b"<y:row xmlns:y='urn:y'></y:row>".join([CELLS[:40_000]] * 50)),
        _row_of(b"<c><is><t>" + b"x" * 2_000_000 + b"</t></is></c>"),
        lambda sheet: sheet.replace(b"</sheetData>", b"</sheetData>" + CELLS),
        lambda sheet: sheet.replace(
            b"</sheetData>", (b"<row>" + CELLS[:40_000] + b"</row>") * 160 + b"</sheetData>"
        ),
    ],
    ids=["one row", "comments", "rows in a row", "others' rows", "a long cell", "around", "in all"],
)
def test_a_sheet_that_would_fill_memory_is_refused_before_it_is_built(change: Any):
    body = _with_sheet(change)
    assert len(body) < 200_000
    with pytest.raises(FileTooLarge):
        table_of(body, "xlsx")


@pytest.mark.parametrize("name", ["[Content_Types].xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"])
def test_what_is_read_whole_has_few_elements_and_bytes(name: str):
    for filling in (b"<x/>" * 200_000, b"<x>" + b"y" * 5_000_000 + b"</x>"):
        body = _with_sheet(lambda content, filling=filling: _before_the_end(content, filling), name)
        with pytest.raises(FileTooLarge):
            table_of(body, "xlsx")


def _before_the_end(content: bytes, filling: bytes) -> bytes:
    head, end, tail = content.rpartition(b"</")
    return head + filling + end + tail


def test_refusing_takes_little_memory():
    tracemalloc.start()
    try:
        with pytest.raises(FileTooLarge):
            table_of(_with_sheet(_row_of(CELLS)), "xlsx")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 32 * 1024 * 1024


def test_a_workbook_of_as_many_rows_as_may_be_is_no_bomb():
    texts = b'<c r="A1" t="inlineStr"><is><t>TUR031005</t></is></c>' * 20
    row = b"<row>" + texts + b'<c r="B1" t="n"><v>1000</v></c>' * 13 + b"</row>"
    body = _with_sheet(lambda sheet: sheet.replace(b"</sheetData>", row * MOST_ROWS + b"</sheetData>"))
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        must_be_small(archive, FileTooLarge(most_rows="", most_bytes=""), FileUnreadable(expected=""))


def test_empty_rows_are_passed_over_and_counted():
    text = as_csv(HEAD, [ROW])
    (said,) = table_of(b"\n\n" + text, "csv").rows
    assert said.number == 4
    for empty in (b"\n", b",,\n", b" , \n"):
        assert table_of(text + empty * 8, "csv", most_read=10).rows
        with pytest.raises(FileTooLarge):
            table_of(text + empty * 9, "csv", most_read=10)
    for empty in (b"<row/>", b"<row><c/></row>", b'<row><c t="inlineStr"><is><t> </t></is></c></row>'):
        assert table_of(_with_sheet(_rows(empty * 7)), "xlsx", most_read=10).rows
        with pytest.raises(FileTooLarge):
            table_of(_with_sheet(_rows(empty * 9)), "xlsx", most_read=10)


def test_newlines_alone_are_refused_soon():
    begun = time.process_time()
    with pytest.raises(FileTooLarge):
        table_of(as_csv(HEAD, [ROW]) + b"\n" * sheet_reading.MOST_BYTES, "csv")
    assert time.process_time() - begun < 3


def _rows(rows: bytes) -> Any:
    return lambda sheet: sheet.replace(b"</sheetData>", rows + b"</sheetData>")


def _with_sheet(change: Any, name: str = "xl/worksheets/sheet1.xml") -> bytes:
    """A workbook of which one member, its sheet, was changed by hand."""
    source, written = io.BytesIO(workbook(HEAD, ROW)), io.BytesIO()
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as after:
        for member in before.infolist():
            content = before.read(member)
            is_meant = member.filename == name
            after.writestr(member.filename, change(content) if is_meant else content)
    return written.getvalue()
