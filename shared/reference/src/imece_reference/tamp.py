"""Service groups of the national disaster response plan, by edition. An edition is never edited.

Codes and the mapping to clusters are our own; a group without a cluster has no international counterpart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from .refusals import UnknownCode
from .tables import rows

CURRENT_EDITION = "2022"


@dataclass(frozen=True, slots=True)
class TampGroup:
    edition: str
    code: str
    name_tr: str
    name_en: str
    level: str
    cluster: str | None
    status: str


@cache
def _by_key() -> Mapping[tuple[str, str], TampGroup]:
    return MappingProxyType(
        {
            (row["edition"], row["code"]): TampGroup(
                edition=row["edition"],
                code=row["code"],
                name_tr=row["name_tr"],
                name_en=row["name_en"],
                level=row["level"],
                cluster=row["cluster_code"] or None,
                status=row["status"],
            )
            for row in rows("tamp_groups")
        }
    )


def tamp_groups(edition: str = CURRENT_EDITION) -> tuple[TampGroup, ...]:
    """The groups of one edition (`2022`, `2014`) in list order; an unknown edition raises UnknownCode."""
    found = tuple(group for group in _by_key().values() if group.edition == edition)
    if not found:
        raise UnknownCode(list="tamp_editions", value=edition[:40])
    return found


def tamp_group(code: str, edition: str = CURRENT_EDITION) -> TampGroup:
    """Raises UnknownCode."""
    try:
        return _by_key()[(edition, code)]
    except KeyError:
        raise UnknownCode(list=f"tamp_groups {edition[:40]}", value=code[:40]) from None
