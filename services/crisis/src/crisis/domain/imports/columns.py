"""The columns of a file of need lines: names of the export, or their Turkish headers.

Headers are compared without case, accents and spaces. Columns the ledger computes may stay in the file and
say nothing; what is not known is left aside and told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from crisis.domain.refusals import ColumnMissing, ColumnTwice
from imece_reference.turkish import ascii_key

READ: Mapping[str, str] = MappingProxyType(
    {
        "need_line_id": "kalem kimliği",
        "sequence": "sıra",
        "district": "ilçe",
        "item_code": "ürün kodu",
        "unit": "birim",
        "urgency": "aciliyet",
        "requested": "istenen",
        "needed_by": "en geç",
        "title": "başlık",
        "description": "açıklama",
        "note": "not",
        "contact_ref": "iletişim referansı",
    }
)
"""Column → its Turkish header."""

REQUIRED = ("district", "item_code", "unit", "urgency", "requested", "needed_by")
_IDS = ("need_line_id", "sequence")
"""Of an exported line: only both together tell which it is, and one without the other is no new need."""
COMPUTED = frozenset(
    {
        "need_id", "asker_org_id", "province", "item", "state", "verification", "stale", "over_cap",
        "elsewhere", "proposed", "waitlisted", "held", "in_transit", "arrived", "good", "lost", "room",
        "gap", "surplus", "label", "changed_at",
    }
)  # fmt: skip
"""Columns of the export that are not read."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where each column stands, counted from 0, and how many columns nobody knows."""

    places: Mapping[str, int]
    unknown: int


def header_of(cells: Sequence[str | None]) -> Header:
    """The columns of a file's first row. Raises ColumnTwice and ColumnMissing, naming the column."""
    places: dict[str, int] = {}
    unknown = 0
    for place, cell in enumerate(cells):
        key = _key(cell or "")
        name = _NAMES.get(key)
        if name is None:
            unknown += int(bool(key) and key not in _PASSED_OVER)
        elif name in places:
            raise ColumnTwice(column=name)
        else:
            places[name] = place
    ids = _IDS if any(name in places for name in _IDS) else ()
    for name in (*REQUIRED, *ids):
        if name not in places:
            raise ColumnMissing(column=name, turkish=READ[name])
    return Header(places, unknown)


def _key(text: str) -> str:
    return "".join(each for each in ascii_key(text) if each.isalnum())


_NAMES = {_key(name): column for column, turkish in READ.items() for name in (column, turkish)}
_PASSED_OVER = frozenset(_key(name) for name in COMPUTED)
