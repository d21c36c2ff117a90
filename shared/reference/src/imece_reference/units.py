"""Unit names: Turkish code, labels, and whether half of one makes sense.

Items are counted in one base unit; packs are per item and live with the item. Codes are the Turkish words
used in the field; UN/ECE Rec 20 codes are attributes of the item.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .refusals import UnknownCode


@dataclass(frozen=True, slots=True)
class Unit:
    code: str
    name_tr: str
    name_en: str
    is_divisible: bool = False


_UNITS: Mapping[str, Unit] = MappingProxyType(
    {
        unit.code: unit
        for unit in (
            Unit("adet", "adet", "piece"),
            Unit("set", "set", "set"),
            Unit("koli", "koli", "carton"),
            Unit("paket", "paket", "pack"),
            Unit("kutu", "kutu", "box"),
            Unit("palet", "palet", "pallet"),
            Unit("balya", "balya", "bale"),
            Unit("çuval", "çuval", "sack"),
            Unit("teneke", "teneke", "tin"),
            Unit("varil", "varil", "barrel"),
            Unit("tanker", "tanker", "tanker"),
            Unit("öğün", "öğün", "meal"),
            Unit("kişi", "kişi", "person"),
            Unit("ekip", "ekip", "team"),
            Unit("koltuk", "koltuk", "seat"),
            Unit("L", "litre", "litre", is_divisible=True),
            Unit("kg", "kilogram", "kilogram", is_divisible=True),
            Unit("ton", "ton", "tonne", is_divisible=True),
            Unit("m", "metre", "metre", is_divisible=True),
            Unit("m²", "metrekare", "square metre", is_divisible=True),
            Unit("m³", "metreküp", "cubic metre", is_divisible=True),
        )
    }
)


def unit(code: str) -> Unit:
    """The unit of a code as written in the catalogue (`adet`, `L`, `koli`); raises UnknownCode."""
    try:
        return _UNITS[code]
    except KeyError:
        raise UnknownCode(list="units", value=code[:40]) from None


def units() -> tuple[Unit, ...]:
    return tuple(_UNITS.values())
