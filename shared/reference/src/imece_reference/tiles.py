"""The tile grid of the country: one cell per province, columns west to east 0–17, rows north to south 0–6.

Empty cells inside the outline are water. Neighbours on the ground touch on the grid wherever possible.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from .refusals import UnknownPlace
from .tables import rows

COLUMNS = 18
ROWS = 7


@dataclass(frozen=True, slots=True)
class Tile:
    plate: str
    col: int
    row: int


@cache
def _by_plate() -> Mapping[str, Tile]:
    return MappingProxyType(
        {r["plate_code"]: Tile(r["plate_code"], int(r["col"]), int(r["row"])) for r in rows("province_tiles")}
    )


def tiles() -> tuple[Tile, ...]:
    """All 81 tiles in plate order."""
    return tuple(_by_plate().values())


def tile(plate: str) -> Tile:
    """The cell of a province; raises UnknownPlace."""
    try:
        return _by_plate()[plate]
    except KeyError:
        raise UnknownPlace(place=plate[:40]) from None
