"""Which item may stand in for which, and by how much: `num` of the one asked for per `den` of the one given.

Ratios are whole numbers, so quantities stay exact. An edition in use is never edited; a row that froze a
ratio keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from .tables import rows

EDITION = "2026-1"


@dataclass(frozen=True, slots=True)
class Equivalence:
    """`den` base units of `item_code` do the work of `num` base units of `stands_in_for`."""

    item_code: str
    stands_in_for: str
    num: int
    den: int
    status: str
    note: str
    edition: str = EDITION


@cache
def _by_pair() -> Mapping[tuple[str, str], Equivalence]:
    return MappingProxyType(
        {
            (row["item_code"], row["stands_in_for"]): Equivalence(
                item_code=row["item_code"],
                stands_in_for=row["stands_in_for"],
                num=int(row["num"]),
                den=int(row["den"]),
                status=row["status"],
                note=row["note"],
                edition=row["edition"],
            )
            for row in rows("equivalences")
            if row["edition"] == EDITION
        }
    )


def equivalences() -> tuple[Equivalence, ...]:
    """The whole table of the current edition, in list order."""
    return tuple(_by_pair().values())


def equivalence(item_code: str, stands_in_for: str) -> Equivalence | None:
    """How far the one item does the work of the other; None where it does not."""
    return _by_pair().get((item_code, stands_in_for))
