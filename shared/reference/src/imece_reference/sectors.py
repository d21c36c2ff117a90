"""Humanitarian sectors and clusters with the codes used in humanitarian data exchange.

False friend: the national plan's group *Beslenme* is feeding (FSC); the cluster NUT is malnutrition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from .refusals import UnknownCode
from .tables import rows, words


@dataclass(frozen=True, slots=True)
class Sector:
    """`parent` is the cluster of an area of responsibility, otherwise None."""

    code: str
    name_tr: str
    name_en: str
    kind: str
    parent: str | None
    aliases: tuple[str, ...]
    status: str


@cache
def _by_code() -> Mapping[str, Sector]:
    return MappingProxyType(
        {
            row["code"]: Sector(
                code=row["code"],
                name_tr=row["name_tr"],
                name_en=row["name_en"],
                kind=row["kind"],
                parent=row["parent_code"] or None,
                aliases=words(row["aliases"]),
                status=row["status"],
            )
            for row in rows("sectors")
        }
    )


def sectors() -> tuple[Sector, ...]:
    return tuple(_by_code().values())


def sector(code: str) -> Sector:
    """Raises UnknownCode."""
    try:
        return _by_code()[code]
    except KeyError:
        raise UnknownCode(list="sectors", value=code[:40]) from None
