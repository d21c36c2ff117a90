"""The starter catalogue of relief items: one base unit each, packs as factors in base units.

Pack factors are provisional (suppliers differ) and stamped with the edition of the list, so a row that froze
a factor can say where it came from. An edition in use is never edited.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from types import MappingProxyType

from .refusals import UnknownItem
from .tables import numeral, rows, words
from .units import unit

EDITION = "2026-1"
TAMP_EDITION = "2022"


@dataclass(frozen=True, slots=True)
class Item:
    """A catalogue item. Weight in kg and volume in litres are per base unit, None where unknown.

    `packs` maps the pack's unit code to its factor in base units; `tamp_group` is a code of TAMP_EDITION.
    """

    code: str
    name_tr: str
    name_en: str
    kind: str
    sector: str
    tamp_group: str
    base_unit: str
    unit_rec20: str
    packs: Mapping[str, Decimal] = field(hash=False)
    is_divisible: bool
    ifrc_code: str
    weight_kg: float | None
    volume_l: float | None
    serves_persons: int | None
    serves_days: int | None
    has_shelf_life: bool
    synonyms_tr: tuple[str, ...]
    measures: str
    packs_status: str
    edition: str = EDITION


def _packs(cell: str) -> Mapping[str, Decimal]:
    pairs = (entry.partition(":") for entry in words(cell))
    return MappingProxyType({name: Decimal(factor) for name, _, factor in pairs})


def _item(row: Mapping[str, str]) -> Item:
    return Item(
        code=row["code"],
        name_tr=row["name_tr"],
        name_en=row["name_en"],
        kind=row["kind"],
        sector=row["sector_code"],
        tamp_group=row["tamp_2022"],
        base_unit=row["base_unit"],
        unit_rec20=row["unit_rec20"],
        packs=_packs(row["packs"]),
        is_divisible=unit(row["base_unit"]).is_divisible,
        ifrc_code=row["ifrc_code"],
        weight_kg=numeral(row["weight_kg"]),
        volume_l=numeral(row["volume_l"]),
        serves_persons=int(row["serves_persons"]) if row["serves_persons"] else None,
        serves_days=int(row["serves_days"]) if row["serves_days"] else None,
        has_shelf_life=row["shelf_life"] == "yes",
        synonyms_tr=words(row["synonyms_tr"]),
        measures=row["measures"],
        packs_status=row["packs_status"],
    )


@cache
def _by_code() -> Mapping[str, Item]:
    return MappingProxyType({row["code"]: _item(row) for row in rows("items")})


def items() -> tuple[Item, ...]:
    """The whole catalogue in list order."""
    return tuple(_by_code().values())


def item(code: str) -> Item:
    """One item by its own code, for example `SHL-TENT-FAM`; raises UnknownItem."""
    try:
        return _by_code()[code]
    except KeyError:
        raise UnknownItem(item_code=code[:40]) from None
