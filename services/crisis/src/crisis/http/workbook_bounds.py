"""How much a workbook may hold before a reader builds anything of it.

A reader keeps the elements of one row at a time, and whole every member that is neither a sheet nor the table
of strings. So what counts is elements, in all and in a row, not bytes alone: an empty cell of four bytes
becomes hundreds of them in memory. Members are streamed through the parser the reader has, whatever they are
called; nothing is kept.
"""

import zipfile
from collections.abc import Mapping
from types import MappingProxyType
from typing import IO
from xml.parsers import expat

from crisis.domain.refusals import FileTooLarge, FileUnreadable

MOST_ELEMENTS = 1_500_000
"""Of all members. Ten thousand exported lines have less than a million."""
MOST_IN_A_ROW = 20_000
"""Elements of a row or a string. A spreadsheet has 16,384 columns."""
MOST_ROW_BYTES = 1024 * 1024
MOST_AROUND_ELEMENTS = 100_000
"""Elements of a member outside its rows and strings: styles, relations, what surrounds a table."""
MOST_AROUND_BYTES = 4 * 1024 * 1024

_CHUNK_BYTES = 64 * 1024
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
_RECORDS: Mapping[str, str] = MappingProxyType(
    {f"{_MAIN}worksheet": f"{_MAIN}row", f"{_MAIN}sst": f"{_MAIN}si"}
)
"""What members begin with → what of them is read and forgotten piece by piece."""


def must_be_small(archive: zipfile.ZipFile, too_large: FileTooLarge, unreadable: FileUnreadable) -> None:
    """Raise `too_large` for a workbook above a bound, `unreadable` for one that declares entities.

    Raises what reading a broken archive does.
    """
    elements = 0
    for member in archive.infolist():
        count = _Count(MOST_ELEMENTS - elements, too_large, unreadable)
        with archive.open(member) as content:
            count.read(content)
        elements += count.elements


class _Count:
    """Counts the elements of one member."""

    def __init__(self, most: int, too_large: FileTooLarge, unreadable: FileUnreadable) -> None:
        self._most, self._too_large, self._unreadable = most, too_large, unreadable
        self.elements = 0
        self._around = 0
        self._depth = 0
        self._record: str | None = None
        self._begun_depth = 0  # of the row being read; 0: none
        self._begun_elements = 0
        self._begun_byte = 0
        self._passed_bytes = 0  # of all rows before
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._declare

    def read(self, content: IO[bytes]) -> None:
        """Count until the end, or until nothing can be read any more: no reader gets further."""
        read = 0
        try:
            while chunk := content.read(_CHUNK_BYTES):
                read += len(chunk)
                self._parser.Parse(chunk, False)
                self._must_be_small(read)
        except expat.ExpatError:
            return

    def _must_be_small(self, read: int) -> None:
        row = read - self._begun_byte if self._begun_depth else 0
        if row > MOST_ROW_BYTES + _CHUNK_BYTES:
            raise self._too_large
        if read - row - self._passed_bytes > MOST_AROUND_BYTES:
            raise self._too_large

    def _begin(self, name: str, attributes: object) -> None:
        self.elements += 1
        self._depth += 1
        if self._depth == 1:
            self._record = _RECORDS.get(name)
        if self._begun_depth:
            is_large = self.elements - self._begun_elements > MOST_IN_A_ROW
        elif name == self._record:
            self._begun_depth, self._begun_elements = self._depth, self.elements
            self._begun_byte = self._parser.CurrentByteIndex
            is_large = False
        else:
            self._around += 1
            is_large = self._around > MOST_AROUND_ELEMENTS
        if is_large or self.elements > self._most:
            raise self._too_large

    def _end(self, name: str) -> None:
        if self._depth == self._begun_depth:
            self._begun_depth = 0
            self._passed_bytes += self._parser.CurrentByteIndex - self._begun_byte
        self._depth -= 1

    def _declare(self, *_: object) -> None:
        raise self._unreadable
