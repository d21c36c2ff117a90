"""The province tile map: 81 links on a grid, each with the number of lines that have a gap.

The map never mirrors: geography does not read from right to left.
"""

from dataclasses import dataclass

from crisis.board.rows import province_name
from crisis.board.selection import Filter
from crisis.board.source import Crisis
from crisis.board.view import BoardView
from imece_reference import tiles as grid
from imece_reference.places import province

SIZE = 34
WIDTH = grid.COLUMNS * SIZE
HEIGHT = grid.ROWS * SIZE
STEPS = (1, 4, 10)
"""From how many lines with a gap a tile looks light, middle, dark."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One province: position, short name, gaps (None: no lines at all), look 0–3, link."""

    pcode: str
    plate: str
    name: str
    short: str
    x: int
    y: int
    gaps: int | None
    step: int
    is_area: bool
    is_current: bool
    href: str


def tiles(
    crisis: Crisis, view: BoardView, wanted: Filter, language_in_url: str | None, language: str
) -> tuple[Tile, ...]:
    """All tiles in plate order."""
    counts = view.provinces()
    base = f"/c/{crisis.number or crisis.crisis}"
    area = {each[:6] for each in crisis.area}
    made: list[Tile] = []
    for tile in grid.tiles():
        pcode = province(tile.plate).pcode
        name = province_name(pcode, language)
        gaps = counts[pcode].gaps if pcode in counts else None
        made.append(
            Tile(
                pcode=pcode,
                plate=tile.plate,
                name=name,
                short=_capitals(name[:3]),
                x=tile.col * SIZE,
                y=tile.row * SIZE,
                gaps=gaps,
                step=sum((gaps or 0) >= least for least in STEPS),
                is_area=pcode in area,
                is_current=pcode == wanted.scope,
                href=base + wanted.query(language_in_url, scope="all" if pcode == wanted.scope else pcode),
            )
        )
    return tuple(made)


def _capitals(text: str) -> str:
    return text.replace("i", "İ").replace("ı", "I").upper()
