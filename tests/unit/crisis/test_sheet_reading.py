"""Uploaded tables are read with bounds, and only what has one meaning is read."""

import io
import zipfile
from datetime import datetime
from typing import Any

import pytest
from openpyxl import Workbook

from crisis.domain.refusals import FileEmpty, FileTooLarge, FileUnreadable, SheetMissing
from crisis.http import sheet_reading
from crisis.http.sheet_reading import table_of
from crisis.http.sheets import Format, as_csv, as_xlsx

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


def _with_sheet(change: Any) -> bytes:
    """A workbook whose sheet was changed by hand."""
    source, written = io.BytesIO(workbook(HEAD, ROW)), io.BytesIO()
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as after:
        for member in before.infolist():
            content = before.read(member)
            is_sheet = member.filename == "xl/worksheets/sheet1.xml"
            after.writestr(member.filename, change(content) if is_sheet else content)
    return written.getvalue()
