"""What a row of a file says, cell by cell.

A text is read as a number only where it has one meaning: a comma is refused unless it is the file's decimal
sign, and so is a point before exactly three digits. A time must carry its offset; a spreadsheet's own dates
have none. A formula is no value.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import TypeVar
from uuid import UUID

from crisis.domain.clocks import Urgency
from imece_reference.turkish import ascii_key

from .issues import CellRefused, Issue, issue


class Odd(Enum):
    """Cells that hold no value."""

    FORMULA = "formula"
    ERROR = "error"
    LOCAL_TIME = "local_time"  # a spreadsheet's own: it has no offset


T = TypeVar("T")
Raw = str | int | float | bool | Odd | None

_GROUPED = re.compile(r"[1-9]\d{0,2}(\.\d{3})+", re.ASCII)
_DECIMAL_COMMA = re.compile(r"-?\d+,\d+", re.ASCII)
_QUOTED = re.compile(r"'[=+\-@\t\r]")
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_TEXTS = {"title": 200, "description": 4000, "note": 280}
_URGENCIES = {
    **{urgency.value: urgency for urgency in Urgency},
    "hayati": Urgency.LIFE_SAVING,
    "acil": Urgency.URGENT,
    "olagan": Urgency.NORMAL,
}


@dataclass(frozen=True, slots=True)
class Said:
    """One row as read, `number` as the spreadsheet counts it. An empty cell is None.

    `requested` is decimal text; `is_grouped` when it was a text whose point may be one between thousands.
    """

    number: int
    need_line_id: UUID | None = None
    sequence: int | None = None
    district: str | None = None
    item_code: str | None = None
    unit: str | None = None
    urgency: Urgency | None = None
    requested: str | None = None
    is_grouped: bool = False
    needed_by: datetime | None = None
    contact_ref: str | None = None
    title: str | None = None
    description: str | None = None
    note: str | None = None
    issues: tuple[Issue, ...] = ()

    def with_issue(self, found: Issue) -> "Said":
        """The row with one thing more that is wrong with it."""
        return replace(self, issues=(*self.issues, found))


def said_of(number: int, cells: Mapping[str, Raw], *, has_decimal_comma: bool = False) -> Said | None:
    """What a row says, with an issue for every cell that cannot be read; None for an empty row."""
    reader = _Reader(cells)
    requested = reader.read("requested", _comma_number if has_decimal_comma else _number)
    is_text = isinstance(cells.get("requested"), str)
    urgency = reader.text("urgency", 40)
    line = reader.text("need_line_id", 40)
    sequence = reader.read("sequence", _number)
    said = Said(
        number=number,
        need_line_id=reader.parsed("need_line_id", line, UUID, ("a UUID", "UUID")),
        sequence=reader.parsed("sequence", sequence, _whole, ("a whole number", "tam sayı")),
        district=reader.text("district", 9),
        item_code=reader.text("item_code", 40),
        unit=reader.text("unit", 40),
        urgency=reader.one_of("urgency", urgency, _URGENCIES),
        requested=requested,
        is_grouped=requested is not None and is_text and bool(_GROUPED.fullmatch(requested)),
        needed_by=reader.read("needed_by", _moment),
        contact_ref=reader.text("contact_ref", 64),
        title=reader.text("title", _TEXTS["title"]),
        description=reader.text("description", _TEXTS["description"]),
        note=reader.text("note", _TEXTS["note"]),
        issues=tuple(reader.issues),
    )
    return None if reader.is_empty else said


class _Reader:
    """Reads the cells of one row and gathers what is wrong with them."""

    def __init__(self, cells: Mapping[str, Raw]) -> None:
        self._cells = cells
        self.issues: list[Issue] = []
        self.is_empty = all(is_blank(cell) for cell in cells.values())

    def read(self, column: str, parse: Callable[[str, Raw], T]) -> T | None:
        """The cell by a parser of its column; None when it is empty or cannot be read."""
        cell = self._cells.get(column)
        if is_blank(cell):
            return None
        try:
            if cell is Odd.FORMULA or (isinstance(cell, str) and cell.lstrip().startswith("=")):
                raise CellRefused(issue("formula_refused", column))
            if cell is Odd.ERROR:
                raise CellRefused(issue("error_value", column))
            return parse(column, cell)
        except CellRefused as refused:
            self.issues.append(refused.issue)
            return None

    def text(self, column: str, most: int) -> str | None:
        """A text of at most so many characters."""

        def parse(column: str, cell: Raw) -> str:
            if isinstance(cell, Odd):
                raise CellRefused(issue("wrong_format", column, expected_en="a text", expected_tr="metin"))
            text = _text(cell)
            if len(text) > most:
                raise CellRefused(issue("too_long", column, most=most))
            return text

        return self.read(column, parse)

    def parsed(
        self, column: str, text: str | None, parse: Callable[[str], T], expected: tuple[str, str]
    ) -> T | None:
        """The text parsed; `expected` says in both languages what it should have been."""
        if text is None:
            return None
        try:
            return parse(text)
        except ValueError:
            english, turkish = expected
            wrong = issue("wrong_format", column, expected_en=english, expected_tr=turkish)
            self.issues.append(wrong)
            return None

    def one_of(self, column: str, text: str | None, known: Mapping[str, T]) -> T | None:
        """The value of a word, compared without case and accents."""
        if text is None:
            return None
        found = known.get(ascii_key(text))
        if found is None:
            self.issues.append(issue("not_allowed", column, known=", ".join(known)))
        return found


def is_blank(cell: Raw) -> bool:
    """Whether a cell says nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _text(cell: Raw) -> str:
    """A cell as text; the mark an export puts before what looks like a formula is taken off."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _plain(cell)
    text = str(cell).strip()
    return text[1:] if _QUOTED.match(text) else text


def _number(column: str, cell: Raw) -> str:
    """Decimal text; whether it is a usable quantity is decided with its item."""
    if isinstance(cell, bool | Odd):
        raise CellRefused(issue("wrong_format", column, expected_en="a number", expected_tr="sayı"))
    if isinstance(cell, int | float):
        return _plain(cell)
    text = str(cell).strip()
    if "," in text:
        raise CellRefused(issue("decimal_comma", column))
    if text.count(".") > 1 and _GROUPED.fullmatch(text):
        raise CellRefused(issue("number_ambiguous", column))
    return text


def _comma_number(column: str, cell: Raw) -> str:
    """Decimal text of a file in which quantities have a comma; a point is no less a decimal one."""
    is_decimal = isinstance(cell, str) and _DECIMAL_COMMA.fullmatch(cell.strip())
    return _number(column, str(cell).replace(",", ".") if is_decimal else cell)


def _plain(number: float) -> str:
    text = format(Decimal(repr(number)), "f")
    return text.removesuffix(".0")


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise ValueError(text)
    return int(text)


def _moment(column: str, cell: Raw) -> datetime:
    if cell is Odd.LOCAL_TIME:
        raise CellRefused(issue("time_without_zone", column))
    try:
        moment = datetime.fromisoformat(str(cell).strip())
    except ValueError:
        expected = {"expected_en": "a time with offset", "expected_tr": "farkı belirtilmiş zaman"}
        raise CellRefused(issue("wrong_format", column, **expected)) from None
    if moment.tzinfo is None:
        raise CellRefused(issue("time_without_zone", column))
    if not _EARLIEST.year <= moment.year <= _LATEST.year or not _EARLIEST <= moment < _LATEST:
        raise CellRefused(issue("out_of_range", column))
    return moment.astimezone(UTC).replace(microsecond=0)
