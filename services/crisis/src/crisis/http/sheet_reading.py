"""Uploaded tables as rows of cells: XLSX and CSV, read with bounds before anything is believed.

An archive is measured before it is unpacked, a member never yields more than it declares, and what is in it
is counted before anything is built of it. Reading takes seconds of processor time: it runs beside the event
loop.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.read_only import EMPTY_CELL

from crisis.domain.imports import Header, Odd, Raw, Said, header_of, is_blank, said_of
from crisis.domain.refusals import FileEmpty, FileTooLarge, FileUnreadable, SheetMissing
from crisis.http.sheets import Format
from crisis.http.workbook_bounds import must_be_small

MOST_BYTES = 8 * 1024 * 1024
MOST_UNPACKED_BYTES = 64 * 1024 * 1024
"""Ten thousand exported lines unpack to less than 20 MiB."""
MOST_ROWS = 10_000
MOST_ROWS_READ = 50_000
"""Empty ones included."""
MOST_COLUMNS = 64
_MOST_MEMBERS = 200
_LAST_ROW = 1_048_576  # of a spreadsheet
_MOST_CELL_CHARACTERS = 32_767  # what a spreadsheet holds in one cell
_SHEETS = ("lines", "kalemler")
_WORKBOOK = "XLSX, a workbook without macros"
_TEXT = "CSV in UTF-8"


Numbered = tuple[int, Sequence[Raw]]


@dataclass(frozen=True, slots=True)
class Table:
    """What a file says, row by row, and how many of its columns nobody knows."""

    rows: tuple[Said, ...]
    unknown_columns: int


def table_of(body: bytes, kind: Format, most_rows: int = MOST_ROWS, most_read: int = MOST_ROWS_READ) -> Table:
    """The rows of a file. Raises FileUnreadable, FileTooLarge, SheetMissing, FileEmpty, ColumnMissing,
    ColumnTwice."""
    numbered, has_decimal_comma = (_workbook(body), False) if kind == "xlsx" else _text(body)
    header: Header | None = None
    rows: list[Said] = []
    for read, (number, row) in enumerate(numbered, start=1):
        if read > most_read:
            raise _too_large()
        if all(is_blank(cell) for cell in row):
            continue
        if header is None:
            header = header_of([each if isinstance(each, str) else None for each in row])
            continue
        said = said_of(number, _named(header, row), has_decimal_comma=has_decimal_comma)
        if said is not None:
            rows.append(said)
        if len(rows) > most_rows:
            raise _too_large()
    if header is None or not rows:
        raise FileEmpty
    return Table(tuple(rows), header.unknown)


def _named(header: Header, row: Sequence[Raw]) -> Mapping[str, Raw]:
    return {column: row[place] for column, place in header.places.items() if place < len(row)}


def _workbook(body: bytes) -> Iterator[Numbered]:
    _must_unpack_small(body)
    try:
        book = load_workbook(io.BytesIO(body), read_only=True, data_only=False, keep_links=False)
        yield from _sheet_rows(_sheet_of(book))
    except (SheetMissing, FileUnreadable):
        raise
    except Exception as error:  # whatever the reader stumbles over, the file is what it is
        raise FileUnreadable(expected=_WORKBOOK) from error


def _must_unpack_small(body: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            members = archive.infolist()
            if len(members) > _MOST_MEMBERS or sum(each.file_size for each in members) > MOST_UNPACKED_BYTES:
                raise _too_large()
            must_be_small(archive, _too_large(), FileUnreadable(expected=_WORKBOOK))
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, RuntimeError, NotImplementedError):
        raise FileUnreadable(expected=_WORKBOOK) from None


def _sheet_of(book: Any) -> Any:
    """The only sheet, or the one that is called after what it holds."""
    sheets = list(book.worksheets)
    named = [sheet for sheet in sheets if str(sheet.title).strip().lower() in _SHEETS]
    if len(sheets) == 1 or named:
        return (named or sheets)[0]
    raise SheetMissing(sheets=str(len(sheets)), expected=" / ".join(_SHEETS))


def _sheet_rows(sheet: Any) -> Iterator[Numbered]:
    """Rows the sheet has, empty ones as such. It may claim any size, and any number for its next row."""
    sheet.reset_dimensions()
    blank: object = None  # rows a sheet leaves out are one and the same object: looked at once
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        if number > _LAST_ROW:
            raise FileUnreadable(expected=_WORKBOOK)
        if row is blank:
            continue
        if all(cell is EMPTY_CELL for cell in row):
            blank = row
            yield number, ()
            continue
        yield number, [_cell(cell) for cell in row]


def _cell(cell: Any) -> Raw:
    value, kind = cell.value, getattr(cell, "data_type", "n")
    if kind == "f":
        return Odd.FORMULA
    if kind == "e":
        return Odd.ERROR
    if isinstance(value, datetime | date | time | timedelta):
        return Odd.LOCAL_TIME
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return Odd.FORMULA


def _text(body: bytes) -> tuple[Iterator[Numbered], bool]:
    """The rows, and whether decimals have a comma: where they do, spreadsheets part cells by semicolons."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileUnreadable(expected=_TEXT) from None
    if "\0" in text:
        raise FileUnreadable(expected=_TEXT)
    head = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(";,\t", key=head.count)
    csv.field_size_limit(_MOST_CELL_CHARACTERS)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    return _csv_rows(rows), delimiter == ";"


def _csv_rows(rows: Iterable[list[str]]) -> Iterator[Numbered]:
    try:
        for number, row in enumerate(rows, start=1):
            yield number, row[:MOST_COLUMNS]
    except csv.Error:
        raise FileUnreadable(expected=_TEXT) from None


def _too_large() -> FileTooLarge:
    return FileTooLarge(most_rows=str(MOST_ROWS), most_bytes=str(MOST_UNPACKED_BYTES))
