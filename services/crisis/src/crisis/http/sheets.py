"""Tables as files: CSV for programs, XLSX for people. The first row names columns, ids come first.

Texts that a spreadsheet would take for a formula are written as texts. Building a workbook takes seconds of
processor time for thousands of rows, so it runs beside the event loop.
"""

import asyncio
import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal
from uuid import UUID

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from starlette.responses import Response

from crisis.domain.units import plain

Cell = str | Decimal | int | bool | UUID | None
Format = Literal["csv", "xlsx"]
Variant = Literal["excel-tr"]
MOST_ROWS = 20_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CSV = "text/csv; charset=utf-8; header=present"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def sheet_response(
    turn: asyncio.Semaphore,
    name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    kind: Format,
    variant: Variant | None = None,
) -> Response:
    """The table as a download; `name` without extension, ASCII. A variant is one of CSV.

    Files are built one at a time, by `turn`.
    """
    async with turn:
        if kind == "csv":
            body, media = await asyncio.to_thread(as_csv, columns, rows, variant), _CSV
        else:
            body, media = await asyncio.to_thread(as_xlsx, name, columns, rows), XLSX
    headers = {"content-disposition": f'attachment; filename="{name}.{kind}"', "cache-control": "no-store"}
    return Response(body, media_type=media, headers=headers)


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]], variant: Variant | None = None) -> bytes:
    """RFC 4180 in UTF-8. The variant has semicolons and decimal commas, as Excel in Turkish does, and a
    mark in front by which it knows the letters."""
    is_for_excel = variant == "excel-tr"
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";" if is_for_excel else ",", lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_text(cell, "," if is_for_excel else ".") for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig" if is_for_excel else "utf-8")


def as_xlsx(title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet, its first row bold and fixed, quantities as numbers."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    heads = [WriteOnlyCell(sheet, column) for column in columns]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    for row in rows:
        sheet.append([_value(cell) for cell in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _text(cell: Cell, decimal_sign: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, Decimal):
        return plain(cell).replace(".", decimal_sign)
    text = str(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(_FORMULA) else text


def _value(cell: Cell) -> str | Decimal | int | bool | None:
    if isinstance(cell, UUID):
        return str(cell)
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
