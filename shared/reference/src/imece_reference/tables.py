"""Reads the CSV files of this package: UTF-8, header row first, RFC 4180 quoting, all cells text."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from importlib.resources import files


def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """All rows of `data/<name>.csv` in file order, header → cell."""
    text = (files("imece_reference") / "data" / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def numeral(cell: str) -> float | None:
    """A measured number, or None for an empty cell (unknown on purpose)."""
    return float(cell) if cell else None


def words(cell: str) -> tuple[str, ...]:
    """The values of a cell separated by `|`; an empty cell has none."""
    return tuple(cell.split("|")) if cell else ()
